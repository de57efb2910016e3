import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';

const { withClassName } = await import('../../../../src/ui/commands/keepClassName.ts');

suite('a source with another class name', () => {
  test('has it wherever the class is meant, and nowhere else', () => {
    const code = `// Room of old
import { Rooms } from 'cloudflare:workers';
export class Room {
  static made = 0;
  fetch(): Response {
    Room.made += 1;
    return new Response(\`Room \${Room.made} \${this.Room}\` + 'Room');
  }
}
`;
    assert.equal(
      withClassName(code, 'GreatHall'),
      `// Room of old
import { Rooms } from 'cloudflare:workers';
export class GreatHall {
  static made = 0;
  fetch(): Response {
    GreatHall.made += 1;
    return new Response(\`Room \${GreatHall.made} \${this.Room}\` + 'Room');
  }
}
`,
    );
  });

  test('there is none of a source that exports no class', () => {
    assert.equal(withClassName('class Room {}\n', 'Hall'), undefined);
  });
});
