import * as vscode from 'vscode';
import type { EnvReady, EnvRisk, EnvStrings } from '../../webview/protocol/env.ts';
import type { Destruction } from '../../operations/previews.ts';
import type { EnvResult } from './envChanger.ts';
import { lossesOf } from './envFacts.ts';

/** The texts of the env panel in the editor's language. */
export function envStrings(): EnvStrings {
  const { l10n } = vscode;
  return {
    title: l10n.t('Environment variables'),
    loading: l10n.t('Loading…'),
    refresh: l10n.t('Refresh'),
    importEnv: l10n.t('Import .env…'),
    addHeading: l10n.t('Add a variable'),
    replaceHeading: l10n.t('Replace a value'),
    keyLabel: l10n.t('Key'),
    keyPlaceholder: l10n.t('API_TOKEN'),
    valueLabel: l10n.t('Value'),
    valueHint: l10n.t('Write-only: it cannot be read back.'),
    length: l10n.t('{0} of {1}'),
    showValue: l10n.t('Show the value'),
    hideValue: l10n.t('Hide the value'),
    add: l10n.t('Add'),
    replace: l10n.t('Replace'),
    clear: l10n.t('Clear'),
    saving: l10n.t('Setting…'),
    willReplace: l10n.t('{0} is set already. Its value will be replaced.'),
    listHeading: l10n.t('Variables ({0})'),
    filterLabel: l10n.t('Filter keys'),
    keyColumn: l10n.t('Key'),
    valueColumn: l10n.t('Value'),
    actionsColumn: l10n.t('Actions'),
    writeOnly: l10n.t('value is write-only'),
    unused: l10n.t('No class reads this.'),
    unusedAbout: l10n.t(
      'The files of all classes of this app are in this workspace, and none of them names this key. A version that was deployed from elsewhere may still read it.',
    ),
    replaceKey: l10n.t('Replace the value of {0}'),
    deleteKey: l10n.t('Delete {0}'),
    emptyTitle: l10n.t('No variable is set'),
    emptyDetail: l10n.t('What you add here, every class of the app reads from its env argument.'),
    noMatch: l10n.t('No key contains “{0}”.'),
    matches: l10n.t('Variables ({0} of {1})'),
    platformHeading: l10n.t('Set by the platform'),
    platformDetail: l10n.t(
      'Every class finds these in its env argument as well. They cannot be set here: keys that begin with BUTTERBASE_ are refused, and the platform overwrites the others.',
    ),
    importHeading: l10n.t('Import a .env file'),
    importDetail: l10n.t('Paste its text or open the file. Nothing is set before you apply it.'),
    importLabel: l10n.t('Text of a .env file'),
    importPlaceholder: l10n.t('API_TOKEN=…'),
    openFile: l10n.t('Import file…'),
    close: l10n.t('Close'),
    previewHeading: l10n.t('What would be set'),
    selectAll: l10n.t('Select all'),
    selectKey: l10n.t('{0}, line {1}'),
    lineColumn: l10n.t('Line'),
    effectColumn: l10n.t('Effect'),
    lengthColumn: l10n.t('Length'),
    stateNew: l10n.t('New'),
    stateReplaces: l10n.t('Replaces the value'),
    stateProblem: l10n.t('Not set'),
    rowWaiting: l10n.t('Waiting'),
    rowRunning: l10n.t('Setting…'),
    rowDone: l10n.t('Set'),
    apply: l10n.t('Set selected ({0})'),
    applying: l10n.t('Setting {0} of {1}…'),
    stop: l10n.t('Stop'),
    stopping: l10n.t('Stopping after this one…'),
    nothingToApply: l10n.t('Select at least one variable.'),
    applyNote: l10n.t(
      'They are set one after another; while classes are deployed, each one is a redeploy of its own. At the first failure it stops and the rest stays here.',
    ),
    dismiss: l10n.t('Dismiss'),
    ofClass: l10n.t('class {0}'),
    cancel: l10n.t('Cancel'),
    underWay: l10n.t('{0}: under way…'),
  };
}

/**
 * What a change does, before it.
 * @param evicted DO names of the classes that are redeployed with it.
 */
export function consequence(evicted: readonly string[]): string {
  return evicted.length === 0
    ? vscode.l10n.t('No class of this app is deployed, so nothing is redeployed by a change.')
    : vscode.l10n.t(
        'Every change here redeploys and drops every WebSocket of: {0}. Their instances restart; what they stored stays.',
        evicted.join(', '),
      );
}

/** What any change would destroy as the app is now; undefined when it is nothing. */
export function riskOf(destroys: readonly Destruction[]): EnvRisk | undefined {
  if (destroys.length === 0) return undefined;
  const { l10n } = vscode;
  const names = destroys.map(({ name }) => name).join(', ');
  return {
    title: l10n.t('A change here would destroy what {0} stored', names),
    losses: lossesOf(destroys),
    note: l10n.t(
      'A repair deploys the last source that worked, or the file when that loads. You need not do it first: before anything is sent you are asked.',
    ),
    repair: l10n.t('Repair {0} Now', names),
  };
}

/** What a repair did that was wanted for itself. @param names DO names of the classes that are back */
export function repairResult(names: readonly string[]): string {
  return names.length === 0
    ? vscode.l10n.t('There was nothing to repair: a change destroys nothing.')
    : vscode.l10n.t('{0}: deployed again, with all that the instances stored.', names.join(', '));
}

/**
 * What a change did, after it.
 * @param evicted DO names of the classes that run
 */
export function changeResult(
  change: 'set' | 'deleted',
  key: string,
  { redeployed, repaired }: EnvResult,
  evicted: readonly string[],
): string {
  const { l10n } = vscode;
  const names = withRepaired(evicted, repaired);
  const repair = repaired.length === 0 ? '' : `${l10n.t('Repaired first: {0}.', repaired.join(', '))} `;
  if (change === 'set') {
    return redeployed
      ? repair + l10n.t('{0} is set. Redeployed: {1}; their WebSockets were dropped.', key, names)
      : repair + l10n.t('{0} is set. Nothing was redeployed, because no class is deployed.', key);
  }
  return redeployed
    ? repair + l10n.t('{0} is deleted. Redeployed: {1}; their WebSockets were dropped.', key, names)
    : repair + l10n.t('{0} is deleted. Nothing was redeployed, because no class is deployed.', key);
}

/** What setting one line of an import did. */
export function importRowResult({ redeployed, repaired }: EnvResult, evicted: readonly string[]): string {
  return redeployed
    ? vscode.l10n.t('Set. Redeployed: {0}', withRepaired(evicted, repaired))
    : vscode.l10n.t('Set');
}

function withRepaired(evicted: readonly string[], repaired: readonly string[]): string {
  return [...new Set([...evicted, ...repaired])].sort().join(', ');
}

/** The end of an import. @param failed the key at which it stopped, or undefined. */
export function importResult(done: number, left: number, failed: string | undefined): string {
  const { l10n } = vscode;
  if (failed !== undefined) {
    return l10n.t('Stopped at {0}. Set: {1}. Not set, still selected: {2}.', failed, done, left);
  }
  return left === 0
    ? l10n.t('All selected variables are set: {0}.', done)
    : l10n.t('Stopped. Set: {0}. Not set, still selected: {1}.', done, left);
}

/** Names that the platform puts into `env`, and what for. */
export function platformKeys(): EnvReady['platformKeys'] {
  const { l10n } = vscode;
  return [
    { key: 'BUTTERBASE_APP_ID', about: l10n.t('Id of the app.') },
    { key: 'BUTTERBASE_APP_NAME', about: l10n.t('Name of the app.') },
    { key: 'BUTTERBASE_API_URL', about: l10n.t('Address of the platform.') },
    { key: 'BUTTERBASE_REGION', about: l10n.t('Region of the app.') },
    { key: 'BUTTERBASE_ANON_KEY', about: l10n.t('Key for calls without a signed-in user.') },
    { key: 'BUTTERBASE_SUBDOMAIN', about: l10n.t('Subdomain of the app, when it has one.') },
    { key: 'BUTTERBASE_FRONTEND_URL', about: l10n.t('Address of the deployed frontend, when there is one.') },
    {
      key: 'BUTTERBASE_STRIPE_ACCOUNT_ID',
      about: l10n.t('Connected payments account, when there is one.'),
    },
    { key: 'BUTTERBASE_AI_DEFAULT_MODEL', about: l10n.t('Default model of the app, when it is chosen.') },
    { key: 'BUTTERBASE_INTERNAL_FN_KEY', about: l10n.t('Used by butterbase.ctx(…).invoke.') },
    { key: 'DO_INVOKER_URL', about: l10n.t('Used by butterbase.ctx(…).invokeDO.') },
    { key: 'DO_INVOKER_TOKEN', about: l10n.t('Used by butterbase.ctx(…).invokeDO.') },
    { key: 'DO_DISPATCH', about: l10n.t('Used by the platform to reach instances.') },
    {
      key: l10n.t('One per class'),
      about: l10n.t('The binding of each class: its name in capitals, such as CHAT_ROOM for chat-room.'),
    },
  ];
}
