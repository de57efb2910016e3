import * as vscode from 'vscode';
import type { StuckState } from '../../core/plan/stuck.ts';
import { COMMANDS } from '../ids.ts';
import { escapeMarkdown, type ItemView } from './itemView.ts';
import type { StuckNode } from './nodes.ts';

/** The elements of what is wrong with an app and does not mend by itself. */
export function stuckNodes(place: string, states: readonly StuckState[]): StuckNode[] {
  return states.map((state) => ({
    kind: 'stuck',
    id: `${place}//stuck/${state.kind}/${state.about.join(' ')}`,
    state,
  }));
}

/** How such a state is shown: what it is in a few words, and everything about it in the tooltip. */
export function stuckView({ id, state }: StuckNode): ItemView {
  const { message, nextStep, onlySupport } = state;
  const label = labelOf(state);
  return {
    id,
    label,
    ...(onlySupport ? { description: vscode.l10n.t('only support can mend this') } : {}),
    tooltip: [`**${escapeMarkdown(label)}**`, escapeMarkdown(message), escapeMarkdown(nextStep)].join('\n\n'),
    icon: onlySupport
      ? { id: 'error', color: 'problemsErrorIcon.foreground' }
      : { id: 'warning', color: 'problemsWarningIcon.foreground' },
    contextValue: 'stuck',
    accessibilityLabel: vscode.l10n.t('Trouble: {0}. {1}', label, message),
    command: { id: COMMANDS.explainStuck, title: vscode.l10n.t('Explain') },
  };
}

function labelOf({ kind, about }: StuckState): string {
  const what = about.join(', ');
  switch (kind) {
    case 'tagLost':
      return vscode.l10n.t('Every deploy of this app fails');
    case 'rowGone':
      return vscode.l10n.t('{0} was deleted, but may still run', what);
    case 'leftBuilding':
      return vscode.l10n.t('The last deploy of {0} never ended', what);
    case 'blockedByKey':
    case 'blockedByVariable':
      return vscode.l10n.t('{0} blocks every deploy', what);
  }
}
