import * as vscode from 'vscode';
import { readRuleSettings, type RuleSettings } from '../core/rules/severities.ts';
import type { ProxySettings } from '../platform/proxy.ts';

/** Every setting that the extension reads, typed, in one place; read when needed, never kept. */
export const settings = {
  section: 'butterbaseDO',
  sourceGlob: (resource?: vscode.Uri): string => read('sourceGlob', '**/durable-objects/*.ts', resource),
  /** By rule id; what names no rule or no severity is left out. */
  rules: (resource?: vscode.Uri): RuleSettings => readRuleSettings(read<unknown>('rules', {}, resource)),
  codeLensEnabled: (): boolean => read('codeLens.enabled', true),
  /** Milliseconds between refreshes while a view is visible; 0: never by itself. */
  refreshIntervalMs: (): number => Math.max(0, read('refreshInterval', 60)) * 1000,
  /** Milliseconds to wait for an answer. */
  requestTimeoutMs: (): number => Math.max(1, read('requestTimeout', 30)) * 1000,
  /** The editor's own settings of its proxy; none of them when it says that there is to be none. */
  proxy: (): ProxySettings => readProxy(vscode.workspace.getConfiguration('http')),
  localAutoStart: (): boolean => read('local.autoStart', true),
  /** Empty: the extension's own storage folder. */
  localStateFolder: (): string => read('local.stateFolder', '').trim(),
  localAllowedHosts: (): readonly string[] => read<readonly string[]>('local.allowedHosts', []),
} as const;

/** Whether a change of the configuration touches the setting `key`. */
export function affects(event: vscode.ConfigurationChangeEvent, key: string): boolean {
  return event.affectsConfiguration(`butterbaseDO.${key}`);
}

/** Whether a change of the configuration touches how platforms are asked. */
export function affectsNetwork(event: vscode.ConfigurationChangeEvent): boolean {
  return affects(event, 'requestTimeout') || NETWORK.some((key) => event.affectsConfiguration(`http.${key}`));
}

/** The settings of the editor that `readProxy` reads. */
const NETWORK = ['proxy', 'noProxy', 'proxyAuthorization', 'proxySupport', 'proxyStrictSSL'] as const;

function read<T>(key: string, fallback: T, resource?: vscode.Uri): T {
  return vscode.workspace.getConfiguration('butterbaseDO', resource).get<T>(key, fallback);
}

function readProxy(http: vscode.WorkspaceConfiguration): ProxySettings {
  if (http.get('proxySupport') === 'off') return { noProxy: ['*'] };
  const noProxy = http.get<unknown>('noProxy');
  return {
    url: textOf(http.get('proxy')),
    noProxy: Array.isArray(noProxy) ? noProxy.filter((entry) => typeof entry === 'string') : [],
    authorization: textOf(http.get('proxyAuthorization')),
    checksCertificates: http.get('proxyStrictSSL') !== false,
  };
}

/** Settings of the editor are as people wrote them. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
