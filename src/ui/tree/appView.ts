import * as vscode from 'vscode';
import type { Usage } from '../../core/model/app.ts';
import { errorText } from '../errors.ts';
import { formatCpu, formatNumber } from '../format.ts';
import { COMMANDS } from '../ids.ts';
import type { LocalState } from '../local/controller.ts';
import type { AppSnapshot } from '../session/appState.ts';
import { connectionOf, type Session } from '../session/session.ts';
import { escapeMarkdown, type ItemView } from './itemView.ts';
import type { AppNode } from './nodes.ts';

export interface AppFacts {
  readonly session: Session;
  readonly snapshot: AppSnapshot | undefined;
  readonly local: LocalState;
}

/** The elements of the app view; the keys are children of the environment. */
export function appNodes(facts: AppFacts): readonly AppNode[] {
  const { session, snapshot } = facts;
  const nodes: AppNode[] = [];
  // The element of the embedded platform says already that it is stopped.
  const hasConnection = connectionOf(session) !== undefined && session.kind !== 'stopped';
  if (hasConnection) nodes.push({ kind: 'connection', id: 'connection' });
  if (session.kind === 'ready' || snapshot !== undefined) {
    nodes.push({ kind: 'env', id: 'env' }, { kind: 'usage', id: 'usage' });
  }
  if (session.kind !== 'noFolder') nodes.push({ kind: 'local', id: 'local' });
  return nodes;
}

export function envKeyNodes(snapshot: AppSnapshot | undefined): readonly AppNode[] {
  const keys = [...(snapshot?.envKeys ?? [])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return keys.map((key) => ({ kind: 'envKey', id: `env/${key}`, key }));
}

/** How an element of the app view is shown. */
export function appView(node: AppNode, facts: AppFacts): ItemView {
  switch (node.kind) {
    case 'connection':
      return connectionView(node.id, facts);
    case 'env':
      return envView(node.id, facts.snapshot);
    case 'envKey':
      return envKeyView(node.id, node.key);
    case 'usage':
      return usageView(node.id, facts.snapshot);
    case 'local':
      return localView(node.id, facts.local);
  }
}

function connectionView(id: string, { session, snapshot }: AppFacts): ItemView {
  const connection = connectionOf(session);
  const stale = session.kind === 'ready' ? snapshot?.stale : undefined;
  const state = connectionWord(session, snapshot);
  const where = connection?.label ?? '';
  const label =
    session.kind === 'ready' ? session.app.name : session.kind === 'noApp' ? vscode.l10n.t('No App') : where;
  // The label says where, unless it has an app to name.
  const facts = [label === where ? '' : where, session.kind === 'ready' && stale === undefined ? '' : state];
  const description = facts.filter((fact) => fact !== '').join(' · ');
  const lines = [`**${escapeMarkdown(label)}**`, escapeMarkdown(`${where}: ${state}`)];
  if (connection !== undefined && connection.origin !== 'local')
    lines.push(escapeMarkdown(connection.origin));
  if (session.kind === 'ready') lines.push(vscode.l10n.t('App id: {0}', escapeMarkdown(session.app.id)));
  if ('error' in session) lines.push(escapeMarkdown(errorText(session.error)));
  if (stale !== undefined) lines.push(escapeMarkdown(errorText(stale)));
  return {
    id,
    label,
    description,
    tooltip: lines.join('\n\n'),
    icon: stale === undefined ? connectionIcon(session) : TROUBLED,
    contextValue: 'connection',
    accessibilityLabel: vscode.l10n.t('App {0} on {1}, {2}', label, where, state),
    command: { id: COMMANDS.selectApp, title: vscode.l10n.t('Select App') },
  };
}

const TROUBLED: ItemView['icon'] = { id: 'debug-disconnect', color: 'problemsWarningIcon.foreground' };

function connectionIcon(session: Session): ItemView['icon'] {
  switch (session.kind) {
    case 'ready':
      return { id: session.connection.kind === 'local' ? 'vm' : 'cloud' };
    case 'connecting':
      return { id: 'loading~spin' };
    case 'unreachable':
      return TROUBLED;
    case 'signedOut':
      return { id: 'account' };
    default:
      return { id: 'plug' };
  }
}

/** The state of the connection in one or two words; what is shown of the app can be older than the connection. */
export function connectionWord(session: Session, snapshot: AppSnapshot | undefined): string {
  const isOld = session.kind === 'ready' && snapshot?.stale !== undefined;
  return isOld ? vscode.l10n.t('not up to date') : sessionWord(session);
}

function sessionWord(session: Session): string {
  switch (session.kind) {
    case 'ready':
      return vscode.l10n.t('connected');
    case 'connecting':
      return vscode.l10n.t('connecting');
    case 'unreachable':
      return vscode.l10n.t('not reachable');
    case 'signedOut':
      return vscode.l10n.t('signed out');
    case 'noApp':
      return vscode.l10n.t('no app selected');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'untrusted':
      return vscode.l10n.t('Restricted Mode');
    case 'noFolder':
      return vscode.l10n.t('no folder');
  }
}

function envView(id: string, snapshot: AppSnapshot | undefined): ItemView {
  const count = snapshot?.envKeys.length;
  return {
    id,
    label: vscode.l10n.t('Environment Variables'),
    ...(count === undefined ? {} : { description: String(count) }),
    tooltip: vscode.l10n.t(
      'Keys that every class of the app reads from env. Values can be written, never read.',
    ),
    icon: { id: 'variable-group' },
    contextValue: 'env',
    accessibilityLabel:
      count === undefined
        ? vscode.l10n.t('Environment variables')
        : vscode.l10n.t('Environment variables, {0} set', count),
    collapsible: 'collapsed',
  };
}

function envKeyView(id: string, key: string): ItemView {
  return {
    id,
    label: key,
    tooltip: vscode.l10n.t('{0}: set. Its value cannot be read.', escapeMarkdown(key)),
    icon: { id: 'key' },
    contextValue: 'envKey',
    accessibilityLabel: vscode.l10n.t('Environment variable {0}', key),
  };
}

function usageView(id: string, snapshot: AppSnapshot | undefined): ItemView {
  const usage = snapshot?.usage;
  const text = usage === undefined ? vscode.l10n.t('not known') : usageText(usage);
  return {
    id,
    label: vscode.l10n.t('Usage'),
    description: text,
    tooltip: vscode.l10n.t(
      'This month (UTC), all classes of the app together: {0}. A hosted platform refreshes it every 15 minutes.',
      escapeMarkdown(text),
    ),
    icon: { id: 'graph-line' },
    contextValue: 'usage',
    accessibilityLabel: vscode.l10n.t('Usage this month: {0}', text),
    command: { id: COMMANDS.showUsage, title: vscode.l10n.t('Show Usage') },
  };
}

function usageText({ requests, cpuMs }: Usage): string {
  return requests === 1
    ? vscode.l10n.t('1 request · {0} CPU', formatCpu(cpuMs))
    : vscode.l10n.t('{0} requests · {1} CPU', formatNumber(requests), formatCpu(cpuMs));
}

function localView(id: string, local: LocalState): ItemView {
  const state = localWord(local);
  const description = local.kind === 'running' ? local.url.replace(/^http:\/\//, '') : state;
  const lines = [`**${vscode.l10n.t('Local Platform')}** · ${state}`, escapeMarkdown(description)];
  if (local.kind === 'failed') lines.push(escapeMarkdown(errorText(local.error)));
  else lines.push(vscode.l10n.t('Runs Durable Objects on this machine, offline, with the real runtime.'));
  return {
    id,
    label: vscode.l10n.t('Local Platform'),
    description,
    tooltip: lines.join('\n\n'),
    icon: localIcon(local),
    // The menus know two states: one that can be stopped and one that can be started.
    contextValue:
      local.kind === 'running'
        ? 'local;running'
        : local.kind === 'starting'
          ? 'local;starting'
          : 'local;stopped',
    accessibilityLabel: vscode.l10n.t(
      'Local platform: {0}',
      local.kind === 'running' ? `${state} · ${description}` : state,
    ),
  };
}

function localWord(local: LocalState): string {
  switch (local.kind) {
    case 'running':
      return vscode.l10n.t('running');
    case 'starting':
      return vscode.l10n.t('starting');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'failed':
      return vscode.l10n.t('failed');
  }
}

function localIcon(local: LocalState): ItemView['icon'] {
  switch (local.kind) {
    case 'running':
      return { id: 'vm-running', color: 'testing.iconPassed' };
    case 'starting':
      return { id: 'loading~spin' };
    case 'stopped':
      return { id: 'vm-outline' };
    case 'failed':
      return { id: 'error', color: 'problemsErrorIcon.foreground' };
  }
}
