import { log } from '../log.ts';

export function showLogCommand(): () => void {
  return () => log().show();
}
