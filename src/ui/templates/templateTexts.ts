import * as vscode from 'vscode';
import type { TemplateId } from '../../core/templates/templates.ts';

/** What a person reads about a template. */
export function templateTexts(id: TemplateId): { readonly label: string; readonly detail: string } {
  switch (id) {
    case 'counter':
      return {
        label: vscode.l10n.t('Counter'),
        detail: vscode.l10n.t('One number per instance, kept in storage. The shortest complete class.'),
      };
    case 'chat-room':
      return {
        label: vscode.l10n.t('Chat room with WebSockets'),
        detail: vscode.l10n.t(
          'Passes messages between browsers, remembers the last ones, and sleeps while nobody writes.',
        ),
      };
    case 'rate-limiter':
      return {
        label: vscode.l10n.t('Rate limiter with alarm'),
        detail: vscode.l10n.t('Counts calls per minute and forgets them by an alarm.'),
      };
  }
}
