import '../common/base.css';
import './usage.css';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { Host } from '../common/host.ts';
import type { UsageProtocol } from '../protocol/usage.ts';
import { UsagePage } from './page.ts';

const host = new Host<UsageProtocol>();
let page: UsagePage | undefined;

host.listen({
  init: ({ strings, language, view }) => {
    page = new UsagePage(host, strings, language);
    page.show(view);
  },
  view: ({ view }) => page?.show(view),
  refreshing: ({ on }) => page?.setRefreshing(on),
});
host.send({ type: 'ready' });
