import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'mocha';
import type { DoClass } from '../../../../src/core/model/app.ts';
import type { HistoryEntry } from '../../../../src/operations/history/history.ts';
import { deletedClassesNode, entryNodes } from '../../../../src/ui/history/historyNodes.ts';
import { entry } from '../../operations/history/facts.ts';

const { deletedClassView, entryView } = await import('../../../../src/ui/history/entryView.ts');
const { historicUri } = await import('../../../../src/ui/history/historicUri.ts');
const { formatAgo, formatShortTime, formatTime } = await import('../../../../src/ui/format.ts');

suite('elements of the history', () => {
  test('say time, event, who, state and hash in words', () => {
    const [seen, deployed] = entryNodes('p', [
      entry(2, { event: 'seen', from: 'elsewhere', by: 'API key CI', status: 'ERROR', hash: 'a'.repeat(64) }),
      entry(1, { hash: 'b'.repeat(64) }),
    ]);
    assert.ok(seen !== undefined && deployed !== undefined);
    const view = entryView(seen);
    assert.equal(view.label, formatShortTime(seen.entry.at));
    assert.equal(view.description, 'seen · API key CI · error · aaaaaaa');
    assert.equal(
      view.accessibilityLabel,
      `chat-room, ${formatTime(seen.entry.at)}, seen, API key CI, error, aaaaaaa`,
    );
    assert.ok(view.tooltip.includes('It was submitted, but did not run.'));
    assert.equal(entryView(deployed).description, 'deployed · this editor · ready · bbbbbbb');
  });

  test('differ by the shape of the icon, not by colour alone', () => {
    const shapes = (['deployed', 'seen', 'replaced', 'deleted'] as const).map(
      (event) => entryView(nodeOf(entry(1, { event }))).icon.id,
    );
    shapes.push(entryView(nodeOf(entry(1, { status: 'ERROR' }))).icon.id);
    assert.equal(new Set(shapes).size, shapes.length);
  });

  test('nothing that others wrote becomes Markdown', () => {
    const { tooltip } = entryView(nodeOf(entry(1, { by: '[x](command:y)', className: '**A**' })));
    assert.ok(!tooltip.includes('[x](command:y)') && !tooltip.includes('**A**'));
  });

  test('a click shows what changed with the last other source, or the source when there is none', () => {
    const [third, again, first] = entryNodes('p', [
      entry(3, { hash: 'x' }),
      entry(2, { hash: 'x' }),
      entry(1, { hash: 'y' }),
    ]);
    assert.ok(third !== undefined && again !== undefined && first !== undefined);
    assert.equal(third.previous?.id, '1');
    assert.equal(again.previous?.id, '1');
    assert.equal(first.previous, undefined);
    assert.equal(entryView(third).command?.id, 'butterbaseDO.compareHistoricWithPrevious');
    assert.equal(entryView(first).command?.id, 'butterbaseDO.openHistoricSource');
  });

  test('have ids that do not change when newer ones come', () => {
    const before = entryNodes('p', [entry(1)]).map(({ id }) => id);
    assert.deepEqual(
      entryNodes('p', [entry(2), entry(1)])
        .slice(1)
        .map(({ id }) => id),
      before,
    );
  });

  test('the menu of an entry has what can be done with it, in both views', () => {
    const menus = historyMenus();
    for (const view of ['butterbaseDO.classes', 'butterbaseDO.history']) {
      const shown = (item: string): string[] => menus(view, item);
      assert.deepEqual(shown(entryView(nodeOf(entry(1))).contextValue), [
        'compareHistoricWithDeployed',
        'compareHistoricWithLocal',
        'compareHistoricWithSelected',
        'openHistoricSource',
        'restoreHistoric',
        'restoreHistoricIntoFile',
        'selectHistoricForCompare',
      ]);
      const [newer] = entryNodes('p', [entry(2), entry(1)]);
      assert.ok(newer !== undefined);
      assert.ok(shown(entryView(newer).contextValue).includes('compareHistoricWithPrevious'));
    }
    assert.deepEqual(menus('butterbaseDO.app', 'historyEntry'), []);
  });

  test('classes that are gone have an element of their own, and none without any', () => {
    const gone = { name: 'gone', event: 'deleted', from: 'elsewhere' } as const;
    const entries = [entry(3, gone), entry(2, { ...gone, event: 'seen' }), entry(1)];
    const row = { name: 'chat-room' } as DoClass;
    const node = deletedClassesNode('place', entries, [row]);
    assert.deepEqual(
      node?.classes.map(({ name, last }) => [name, last.id]),
      [['gone', '3']],
    );
    const [first] = node.classes;
    assert.ok(first !== undefined);
    assert.equal(deletedClassView(first).description, `deleted ${formatShortTime(entry(3).at)} · elsewhere`);
    assert.equal(deletedClassesNode('place', entries, [row, { name: 'gone' } as DoClass]), undefined);
    assert.equal(deletedClassesNode('place', [], []), undefined);
  });

  test('a source has an address that no name of others can leave', () => {
    const uri = historicUri(entry(1, { appName: '../a\\b', name: '../../x' })).toString();
    assert.match(uri, /^butterbase-do-history:\/\.\.-a-b\/\.\.-\.\.-x \([^/]*\)\.ts\?hash=/);
  });
});

suite('how long ago', () => {
  test('is said in the largest unit', () => {
    const now = Date.parse('2026-01-02T12:00:00Z');
    const cases: readonly [string, string][] = [
      ['2026-01-02T11:59:30Z', 'just now'],
      ['2026-01-02T12:00:05Z', 'just now'],
      ['2026-01-02T11:57:00Z', '3 min. ago'],
      ['2026-01-02T10:00:00Z', '2 hr. ago'],
      ['2026-01-01T12:00:00Z', 'yesterday'],
      ['2025-12-23T12:00:00Z', '10 days ago'],
    ];
    for (const [iso, text] of cases) assert.equal(formatAgo(iso, now), text);
  });
});

function nodeOf(of: HistoryEntry): Parameters<typeof entryView>[0] {
  return { kind: 'historyEntry', id: of.id, name: of.name, entry: of, previous: undefined };
}

/** Commands that the manifest shows for an element of a view. */
function historyMenus(): (view: string, item: string) => string[] {
  const manifest = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
    contributes: { menus: Record<string, { command: string; when: string }[]> };
  };
  const menus = manifest.contributes.menus['view/item/context'] ?? [];
  const pattern = (when: string, key: string): RegExp | undefined => {
    const found = new RegExp(`${key} =~ /((?:[^/\\\\]|\\\\.)+)/`).exec(when)?.[1];
    return found === undefined ? undefined : new RegExp(found);
  };
  return (view, item) =>
    [
      ...new Set(
        menus
          .filter(({ when }) => pattern(when, 'view')?.test(view) === true)
          .filter(({ when }) => pattern(when, 'viewItem')?.test(item) === true)
          .map(({ command }) => command.replace('butterbaseDO.', '')),
      ),
    ].sort();
}
