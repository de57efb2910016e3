import '../common/base.css';
import './env.css';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { Host } from '../common/host.ts';
import type { EnvProtocol } from '../protocol/env.ts';
import { EnvPage } from './page.ts';

const host = new Host<EnvProtocol>();
let page: EnvPage | undefined;

host.listen({
  init: ({ strings, language, view }) => {
    page = new EnvPage(host, strings, language);
    page.show(view);
  },
  view: ({ view }) => page?.show(view),
  validated: (message) => page?.validated(message),
  preview: (message) => page?.preview(message),
  fileText: (message) => page?.fileText(message),
  fileRefused: (message) => page?.fileRefused(message),
  changed: (message) => page?.changed(message),
  refused: (message) => page?.refused(message),
  kept: (message) => page?.kept(message),
  question: (message) => page?.question(message),
  questionOver: ({ seq }) => page?.questionOver(seq),
  repairOver: (message) => page?.repairOver(message),
  applyRow: (message) => page?.applyRow(message),
  applied: (message) => page?.applied(message),
  edit: ({ key }) => page?.edit(key),
});
host.send({ type: 'ready' });
