import type { Store } from '../../src/local/store/store.ts';
import type { RowsLeft } from './transcripts.ts';

/** The rows of an app in the recording's form, without what differs from run to run: times, tags, positions. */
export function rowsOf(store: Store, appId: string): unknown {
  const state = store.deploys.state(appId);
  return comparable({
    app_durable_objects: store.classes.list(appId).map((row) => ({
      name: row.name,
      class_name: row.className,
      status: row.status,
      access_mode: row.accessMode,
      error_message: row.errorMessage,
      last_deployed_at: row.lastDeployedAt,
    })),
    app_do_deploy_state:
      state === undefined
        ? null
        : { deployed_class_names: state.classNames, migration_tag: state.migrationTag },
    app_do_env_vars: store.env.keys(appId),
  });
}

export function comparable(rows: RowsLeft): unknown {
  const state = rows.app_do_deploy_state;
  return {
    classes: rows.app_durable_objects
      .map(({ error_message: message, last_deployed_at: at, ...row }) => ({
        ...row,
        error_message: message === null ? null : withoutDetails(message),
        deployed: at !== null,
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    deployed: state === null ? null : [...state.deployed_class_names].sort(),
    takenDown: state?.migration_tag === '',
    env: rows.app_do_env_vars,
  };
}

export function withoutDetails(text: string): string {
  return text
    .replace(/at (?:worker\.mjs|[a-z0-9-]+\.ts):\d+:\d+/g, 'at <position>')
    .replace(/'v-\d+'/g, "'<tag>'");
}
