import { type AlarmDeps, alarmRoutes } from './resources/alarms.ts';
import { type CameraDeps, cameraRoutes } from './resources/cameras.ts';
import { documentationRoutes } from './resources/documentation.ts';
import { type HealthDeps, healthRoutes } from './resources/health.ts';
import { type LogDeps, logRoutes } from './resources/logs.ts';
import type { Route } from './route.ts';

/** What each resource is made of. */
export interface RouteDeps {
  readonly health: HealthDeps;
  readonly cameras: CameraDeps;
  readonly alarms: AlarmDeps;
  readonly logs: LogDeps;
}

/** All that the server answers. */
export function routesOf({ health, cameras, alarms, logs }: RouteDeps): Route[] {
  const routes = [
    ...healthRoutes(health),
    ...cameraRoutes(cameras),
    ...alarmRoutes(alarms),
    ...logRoutes(logs),
  ];
  return [...routes, ...documentationRoutes(routes)];
}

/** The same for whoever only reads what they declare: asked, each would fail. */
export function declaredRoutes(): Route[] {
  const nothing: object = new Proxy({}, { get: () => nothing });
  return routesOf(nothing as RouteDeps);
}
