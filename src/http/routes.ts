import { type AlarmDeps, alarmRoutes } from './resources/alarms.ts';
import { type AuthDeps, authRoutes } from './resources/auth.ts';
import { type CameraSearchDeps, cameraSearchRoutes } from './resources/camera-search.ts';
import { type CameraDeps, cameraRoutes } from './resources/cameras.ts';
import { documentationRoutes } from './resources/documentation.ts';
import { type FootageDeps, footageRoutes } from './resources/footage.ts';
import { type HealthDeps, healthRoutes } from './resources/health.ts';
import { type KioskDeps, kioskRoutes } from './resources/kiosks.ts';
import { type LiveDeps, liveRoutes } from './resources/live.ts';
import { type LogDeps, logRoutes } from './resources/logs.ts';
import { type OwnAccountDeps, ownAccountRoutes } from './resources/own-account.ts';
import { type PeopleRouteDeps, peopleRoutes } from './resources/people.ts';
import { type RightDeps, rightRoutes } from './resources/rights.ts';
import { type SettingsDeps, settingsRoutes } from './resources/settings.ts';
import { type SiteDeps, siteRoutes } from './resources/site.ts';
import { type TimelineDeps, timelineRoutes } from './resources/timeline.ts';
import { type ViewingDeps, viewingRoutes } from './resources/viewings.ts';
import type { Route } from './route.ts';

/** What each resource is made of. */
export interface RouteDeps {
  readonly site: SiteDeps;
  readonly health: HealthDeps;
  readonly cameras: CameraDeps;
  readonly cameraSearch: CameraSearchDeps;
  readonly alarms: AlarmDeps;
  readonly logs: LogDeps;
  readonly auth: AuthDeps;
  readonly ownAccount: OwnAccountDeps;
  readonly people: PeopleRouteDeps;
  readonly rights: RightDeps;
  readonly viewings: ViewingDeps;
  readonly footage: FootageDeps;
  readonly timeline: TimelineDeps;
  readonly live: LiveDeps;
  readonly settings: SettingsDeps;
  readonly kiosks: KioskDeps;
}

/** All that the server answers. */
export function routesOf({
  site,
  health,
  cameras,
  cameraSearch,
  alarms,
  logs,
  auth,
  ownAccount,
  people,
  rights,
  viewings,
  footage,
  timeline,
  live,
  settings,
  kiosks,
}: RouteDeps): Route[] {
  const routes = [
    ...siteRoutes(site),
    ...healthRoutes(health),
    ...cameraRoutes(cameras),
    ...cameraSearchRoutes(cameraSearch),
    ...alarmRoutes(alarms),
    ...logRoutes(logs),
    ...authRoutes(auth),
    ...ownAccountRoutes(ownAccount),
    ...peopleRoutes(people),
    ...rightRoutes(rights),
    ...viewingRoutes(viewings),
    ...footageRoutes(footage),
    ...timelineRoutes(timeline),
    ...liveRoutes(live),
    ...kioskRoutes(kiosks),
    ...settingsRoutes(settings),
  ];
  return [...routes, ...documentationRoutes(routes)];
}

/** The same for whoever only reads what they declare: asked, each would fail. */
export function declaredRoutes(): Route[] {
  const nothing: object = new Proxy({}, { get: () => nothing });
  return routesOf(nothing as RouteDeps);
}
