import * as z from 'zod';
import type { App, DoClass, DoClassDetail, Usage } from '../core/model/app.ts';
import { ACCESS_MODES } from '../core/model/app.ts';

/**
 * What the platform answers, checked and turned into our words. Fields that we do not know are let through
 * unread; a status or access mode that we do not know is an error, because we could not say what it means.
 */

const text = z.string();
const instant = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'not a date');
const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

const status = z.enum(['PENDING', 'BUILDING', 'READY', 'ERROR']);
const accessMode = z.enum(ACCESS_MODES);

const row = z.object({
  id: text,
  name: text,
  class_name: text,
  status,
  access_mode: accessMode,
  last_deployed_at: optional(instant),
  error_message: optional(text),
});

const toClass = (wire: z.infer<typeof row>): DoClass => ({
  id: wire.id,
  name: wire.name,
  className: wire.class_name,
  status: wire.status,
  accessMode: wire.access_mode,
  lastDeployedAt: wire.last_deployed_at,
  errorMessage: wire.error_message,
});

export const classList = z
  .object({ durable_objects: z.array(row) })
  .transform((wire): DoClass[] => wire.durable_objects.map(toClass));

export const classDetail = row
  .extend({ code: text, created_at: instant, updated_at: instant })
  .transform((wire): DoClassDetail => ({
    ...toClass(wire),
    code: wire.code,
    createdAt: wire.created_at,
    updatedAt: wire.updated_at,
  }));

export const registered = z
  .object({ id: text, name: text, status, class_name: text })
  .transform(({ class_name: className, ...rest }) => ({ ...rest, className }));

export const deleted = z.object({ deleted: z.literal(true) });

export const usage = z
  .object({ do_requests: z.number().nonnegative(), do_cpu_ms: z.number().nonnegative() })
  .transform((wire): Usage => ({ requests: wire.do_requests, cpuMs: wire.do_cpu_ms }));

export const envKeys = z.object({ keys: z.array(text) }).transform((wire) => wire.keys);

export const envChanged = z
  .object({ redeployed: z.boolean() })
  .transform(({ redeployed }) => ({ redeployed }));

export const appList = z
  .object({
    apps: z.array(
      z
        .object({ id: text, name: text, subdomain: optional(text), region: optional(text) })
        .transform(({ id, name, subdomain, region }): App => ({ id, name, subdomain, region })),
    ),
  })
  .transform((wire) => wire.apps);

export const appCreated = z.object({ app_id: text }).transform((wire) => wire.app_id);

/** One entry of the audit log. Only successes are logged; `resourceId` is a row id, a name or an env key. */
export interface AuditEntry {
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly eventType: string;
  readonly resourceId: string | undefined;
  readonly actorType: string | undefined;
  readonly actorId: string | undefined;
  /** DO name of a `durable_object.create`. */
  readonly name: string | undefined;
}

export const auditLog = z
  .object({
    logs: z.array(
      z
        .object({
          id: text,
          event_type: text,
          resource_id: optional(text),
          actor_type: optional(text),
          actor_id: optional(text),
          event_data: z
            .object({ name: optional(text) })
            .nullish()
            .catch(undefined),
          created_at: instant,
        })
        .transform((wire): AuditEntry => ({
          id: wire.id,
          at: wire.created_at,
          eventType: wire.event_type,
          resourceId: wire.resource_id,
          actorType: wire.actor_type,
          actorId: wire.actor_id,
          name: wire.event_data?.name,
        })),
    ),
  })
  .transform((wire) => wire.logs);

/** An API key of the account; its secret is not part of it. */
export interface KeyEntry {
  readonly id: string;
  readonly name: string;
}

export const keyList = z
  .object({
    keys: z.array(z.object({ id: text, name: text }).transform(({ id, name }): KeyEntry => ({ id, name }))),
  })
  .transform((wire) => wire.keys);
