/** The other sides of the lint bench, each asked in a thread of its own as the linter is. */
import { parentPort, workerData } from 'node:worker_threads';
import { parse } from '@typescript-eslint/typescript-estree';
import { Linter } from 'eslint';
import { parser } from 'typescript-eslint';

/** What ESLint has for some of the same findings; it knows neither the platform nor other files. */
const CONFIG: Linter.Config[] = [
  {
    files: ['**/*.ts'],
    languageOptions: { parser, sourceType: 'module' },
    rules: {
      'no-restricted-syntax': [
        'error',
        'ExportDefaultDeclaration > ClassDeclaration',
        'ExportNamedDeclaration > ClassDeclaration[abstract=true]',
        'ExportNamedDeclaration > VariableDeclaration',
        'ImportDeclaration[importKind="type"]',
        'ExportAllDeclaration',
        'TSImportEqualsDeclaration',
        'ImportExpression',
        'MemberExpression[property.name="sql"]',
        'CallExpression[callee.property.name="accept"]',
      ],
      'no-restricted-imports': ['error', { patterns: ['!cloudflare:*', './*', '../*'] }],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'global', '__dirname', 'setImmediate'],
      'no-restricted-properties': ['error', { property: 'DO_INVOKER_TOKEN' }, { property: 'DO_INVOKER_URL' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-undef-init': 'error',
      'no-redeclare': 'error',
      'no-shadow-restricted-names': 'error',
      'no-await-in-loop': 'error',
      'no-const-assign': 'error',
      'no-unreachable': 'error',
      'no-unused-labels': 'error',
      'no-dupe-class-members': 'error',
    },
  },
];

const linter = new Linter();

const SIDES: Readonly<Record<string, (text: string) => unknown>> = {
  parser: (text) => parse(text, { loc: true, range: true }),
  eslint: (text) => linter.verify(text, CONFIG, 'do.ts'),
};

const side = SIDES[String(workerData)];
parentPort?.on('message', ({ id, text }: { id: number; text: string }) => {
  const result = side?.(text);
  const found = Array.isArray(result) ? result : [];
  parentPort?.postMessage({ id, found });
});
