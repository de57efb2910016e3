import * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import { errorText } from '../errors.ts';
import { HISTORY_SCHEME, parseHistoricUri } from './historicUri.ts';
import { personalHistory } from './personalHistory.ts';

/** Registers the read-only documents with sources of the history, also for windows that are opened again. */
export function registerHistoricSources(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(HISTORY_SCHEME, {
    provideTextDocumentContent: async (uri) => {
      try {
        return await (await personalHistory()).source(parseHistoricUri(uri).hash);
      } catch (error) {
        return vscode.l10n.t('// The source cannot be shown. {0}', errorText(toError(error)));
      }
    },
  });
}
