import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'mocha';
import type { DoClass } from '../../../../src/core/model/app.ts';
import type { HistoryEntry } from '../../../../src/operations/history/history.ts';
import type { DoFile } from '../../../../src/ui/files/doFiles.ts';
import type { SyncState } from '../../../../src/ui/files/syncState.ts';
import { classNodes } from '../../../../src/ui/tree/classNodes.ts';
import { codeBlock, escapeMarkdown } from '../../../../src/ui/tree/itemView.ts';
import type { ClassNode } from '../../../../src/ui/tree/nodes.ts';
import { entry } from '../../operations/history/facts.ts';

const { classContextValue, classView } = await import('../../../../src/ui/tree/classView.ts');

suite('classes view', () => {
  test('one element per DO name, deployed or only local, by name, with ids that do not change', () => {
    const nodes = classNodes(
      'local/app_1',
      [row('counter'), row('chat-room')],
      [file('chat-room'), file('alarm')],
    );
    assert.deepEqual(
      nodes.map(({ id, row: deployed, file: local }) => [id, deployed !== undefined, local !== undefined]),
      [
        ['local/app_1/alarm', false, true],
        ['local/app_1/chat-room', true, true],
        ['local/app_1/counter', true, false],
      ],
    );
    const failed = classNodes('local/app_1', [{ ...row('counter'), status: 'ERROR' }], []);
    assert.equal(failed[0]?.id, 'local/app_1/counter');
  });

  test('of two files with one name the one in the manifest counts', () => {
    const [node] = classNodes(
      'p',
      [],
      [file('counter', false), file('counter', true), file('counter', false)],
    );
    assert.equal(node?.file?.inManifest, true);
  });

  test('says class, access mode and state in words', () => {
    const cases: readonly [SyncState | undefined, string][] = [
      ['inSync', 'in sync · Counter · public'],
      ['modified', 'modified · Counter · public'],
      ['missing', 'no local file · Counter · public'],
      ['unknown', 'ready · Counter · public'],
      [undefined, 'ready · Counter · public'],
    ];
    for (const [sync, description] of cases) {
      assert.equal(view(node('counter'), sync).description, description);
    }
    assert.equal(
      view({ ...node('counter'), row: undefined }, undefined).description,
      'not deployed · authenticated',
    );
  });

  test('states differ by the shape of the icon, not by colour alone', () => {
    const shapes = [
      view(node('counter'), 'inSync'),
      view(node('counter'), 'modified'),
      view(node('counter'), 'missing'),
      view(node('counter', { status: 'ERROR' }), 'unknown'),
      view(node('counter', { status: 'BUILDING' }), 'unknown'),
      view({ ...node('counter'), row: undefined }, undefined),
    ].map(({ icon }) => icon.id);
    assert.equal(new Set(shapes).size, shapes.length);
  });

  test('an error is in the tooltip as it stands, and said by a screen reader', () => {
    const message = 'Uncaught SyntaxError: x\n  at chat-room.ts:12:3 ```';
    const { tooltip, accessibilityLabel, description } = view(
      node('counter', { status: 'ERROR', errorMessage: message, lastDeployedAt: undefined }),
      'unknown',
    );
    assert.ok(tooltip.includes(message));
    assert.ok(tooltip.includes('````text'));
    assert.ok(tooltip.includes('never succeeded'));
    assert.match(description ?? '', /^error/);
    assert.ok(accessibilityLabel.includes('status error'));
    assert.ok(accessibilityLabel.includes('chat-room.ts:12:3'));
  });

  test('what somebody else changed comes first, with who and when, and has a shape of its own', () => {
    const nobody = entry(1, { event: 'seen', from: 'elsewhere' });
    const { description, icon, accessibilityLabel } = view(node('counter'), 'inSync', {
      ...nobody,
      by: 'API key CI',
    });
    assert.equal(
      description,
      'changed elsewhere · by API key CI · ago 2026-01-01T00:01:00.000Z · in sync · Counter · public',
    );
    assert.ok(accessibilityLabel.includes('changed elsewhere, by API key CI'));
    assert.notEqual(icon.id, view(node('counter'), 'inSync').icon.id);
    assert.match(view(node('counter'), 'inSync', nobody).description ?? '', /^changed elsewhere · ago/);
    const cli = { ...nobody, from: 'cli', event: 'deployed' } as const;
    assert.match(
      view(node('counter'), 'inSync', cli).description ?? '',
      /^changed by the command line · ago/,
    );
  });

  test('a deployed class opens to its history, a file that is not deployed does not', () => {
    assert.equal(view(node('counter'), 'inSync').collapsible, 'collapsed');
    assert.equal(view({ ...node('counter'), row: undefined }, undefined).collapsible, undefined);
  });

  test('the tooltip has the absolute time and the address', () => {
    const { tooltip } = view(node('counter'), 'inSync');
    assert.ok(tooltip.includes('Last deploy: at 2026\\-01\\-02T03:04:05\\.678Z'));
    assert.ok(tooltip.includes('`https://shop.example.com/_do/counter/<instance>`'));
  });

  test('nothing that others wrote becomes Markdown', () => {
    assert.equal(escapeMarkdown('[a](command:x) **b** <i>'), '\\[a\\]\\(command:x\\) \\*\\*b\\*\\* \\<i\\>');
    assert.equal(codeBlock('a\n````\nb'), '`````text\na\n````\nb\n`````');
  });

  test("has the tokens that the manifest's menus ask for", () => {
    const menus = classMenus();
    const shown = (value: string): string[] =>
      [...new Set(menus.filter(({ pattern }) => pattern.test(value)).map(({ command }) => command))].sort();
    const both = node('counter');
    assert.equal(classContextValue(both, 'modified'), 'class;deployed;hasFile;modified');
    assert.deepEqual(shown(classContextValue(both, 'inSync')), [
      'compareWithDeployed',
      'copyInstanceUrl',
      'delete',
      'deploy',
      'openInstance',
      'openLocalFile',
      'showHistory',
      'viewDeployedSource',
    ]);
    assert.deepEqual(shown(classContextValue({ ...both, row: undefined }, undefined)), [
      'deploy',
      'openLocalFile',
    ]);
    assert.deepEqual(shown(classContextValue({ ...both, file: undefined }, 'missing')), [
      'copyInstanceUrl',
      'delete',
      'openInstance',
      'showHistory',
      'viewDeployedSource',
    ]);
    const changed = classContextValue(both, 'modified', true);
    assert.equal(changed, 'class;deployed;hasFile;modified;changed');
    assert.ok(shown(changed).includes('showForeignChange'));
    const inline = menus.find(
      ({ command, group }) => command === 'compareWithDeployed' && group.startsWith('inline'),
    );
    assert.ok(inline !== undefined);
    assert.ok(inline.pattern.test(classContextValue(both, 'modified')));
    assert.ok(!inline.pattern.test(classContextValue(both, 'inSync')));
  });
});

function view(
  element: ClassNode,
  sync: SyncState | undefined,
  change?: HistoryEntry,
): ReturnType<typeof classView> {
  return classView(element, {
    sync,
    instanceBase: 'https://shop.example.com',
    filePath: 'durable-objects/counter.ts',
    change,
    formatTime: (iso) => `at ${iso}`,
    formatAgo: (iso) => `ago ${iso}`,
  });
}

function node(name: string, change: Partial<DoClass> = {}): ClassNode {
  return { kind: 'class', id: `p/${name}`, name, row: { ...row(name), ...change }, file: file(name) };
}

function row(name: string): DoClass {
  return {
    id: `id-${name}`,
    name,
    className: name === 'counter' ? 'Counter' : 'ChatRoom',
    status: 'READY',
    accessMode: 'public',
    lastDeployedAt: '2026-01-02T03:04:05.678Z',
    errorMessage: undefined,
  };
}

function file(name: string, inManifest = true): DoFile {
  return { name, inManifest, accessMode: 'authenticated' } as DoFile;
}

interface ClassMenu {
  readonly command: string;
  readonly group: string;
  readonly pattern: RegExp;
}

/** The context menu of the classes view, from the manifest itself. */
function classMenus(): ClassMenu[] {
  const manifest = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
    contributes: { menus: Record<string, { command: string; when: string; group: string }[]> };
  };
  return (manifest.contributes.menus['view/item/context'] ?? [])
    .filter(({ when }) => when.includes('view == butterbaseDO.classes'))
    .map(({ command, when, group }) => ({
      command: command.replace('butterbaseDO.', ''),
      group,
      pattern: new RegExp(/viewItem =~ \/(.+)\/$/.exec(when)?.[1] ?? 'no pattern'),
    }));
}
