import { planEnvChange } from '../../core/plan/plan.ts';
import { bindingOf } from '../../core/model/names.ts';
import type { Destruction } from '../../operations/previews.ts';
import type { Loss } from '../../webview/protocol/env.ts';
import type { AppSnapshot } from '../session/appState.ts';

/** What the env panel has to know of an app to judge a change. */
export interface EnvFacts {
  /** Keys that are set, sorted. */
  readonly keys: readonly string[];
  /** Names of the classes' bindings, which no key may have. */
  readonly bindings: readonly string[];
  /** DO names of the classes that restart with every change. */
  readonly evicts: readonly string[];
  /** The classes whose stored data a change would destroy, as far as the list of classes tells. */
  readonly destroys: readonly Destruction[];
}

export function envFacts(snapshot: AppSnapshot | undefined): EnvFacts {
  const classes = snapshot?.classes ?? [];
  const { fates } = planEnvChange(classes);
  return {
    keys: snapshot?.envKeys.toSorted() ?? [],
    bindings: classes.map(({ name }) => bindingOf(name)),
    evicts: fates.filter(({ kind }) => kind === 'evicted').map(({ name }) => name),
    destroys: fates.filter((fate) => fate.kind === 'destroyed'),
  };
}

/** What the page shows of each class. */
export function lossesOf(destroys: readonly Destruction[]): readonly Loss[] {
  return destroys.map(({ name, className, reason }) => ({ name, className, reason }));
}
