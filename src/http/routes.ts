import { type AboutDeps, aboutRoutes } from './resources/about.ts';
import { type AlarmDeps, alarmRoutes } from './resources/alarms.ts';
import { type AuthDeps, authRoutes } from './resources/auth.ts';
import { type CameraSearchDeps, cameraSearchRoutes } from './resources/camera-search.ts';
import { type CameraViewDeps, cameraViewRoutes } from './resources/camera-views.ts';
import { type CameraDeps, cameraRoutes } from './resources/cameras.ts';
import { documentationRoutes } from './resources/documentation.ts';
import { type FootageDeps, footageRoutes } from './resources/footage.ts';
import { type HealthDeps, healthRoutes } from './resources/health.ts';
import { type HoldDeps, holdRoutes } from './resources/holds.ts';
import { type ItemDeps, itemRoutes } from './resources/items.ts';
import { type KioskDeps, kioskRoutes } from './resources/kiosks.ts';
import { type LedgerDeps, ledgerRoutes } from './resources/ledger.ts';
import { type LiveDeps, liveRoutes } from './resources/live.ts';
import { type LogDeps, logRoutes } from './resources/logs.ts';
import { type MarkDeps, markRoutes } from './resources/marks.ts';
import { type OwnAccountDeps, ownAccountRoutes } from './resources/own-account.ts';
import { type PeopleRouteDeps, peopleRoutes } from './resources/people.ts';
import { type RetentionDeps, retentionRoutes } from './resources/retention.ts';
import { type RightDeps, rightRoutes } from './resources/rights.ts';
import { type SettingsDeps, settingsRoutes } from './resources/settings.ts';
import { type SiteDeps, siteRoutes } from './resources/site.ts';
import { type TaskDeps, taskRoutes } from './resources/tasks.ts';
import { type TimelineDeps, timelineRoutes } from './resources/timeline.ts';
import { type TodayDeps, todayRoutes } from './resources/today.ts';
import { type ViewingDeps, viewingRoutes } from './resources/viewings.ts';
import type { Route } from './route.ts';

/** What each resource is made of. */
export interface RouteDeps {
  readonly site: SiteDeps;
  readonly about: AboutDeps;
  readonly health: HealthDeps;
  readonly cameras: CameraDeps;
  readonly cameraSearch: CameraSearchDeps;
  readonly cameraViews: CameraViewDeps;
  readonly alarms: AlarmDeps;
  readonly logs: LogDeps;
  readonly ledger: LedgerDeps;
  readonly auth: AuthDeps;
  readonly ownAccount: OwnAccountDeps;
  readonly people: PeopleRouteDeps;
  readonly rights: RightDeps;
  readonly viewings: ViewingDeps;
  readonly holds: HoldDeps;
  readonly retention: RetentionDeps;
  readonly tasks: TaskDeps;
  readonly items: ItemDeps;
  readonly today: TodayDeps;
  readonly marks: MarkDeps;
  readonly footage: FootageDeps;
  readonly timeline: TimelineDeps;
  readonly live: LiveDeps;
  readonly settings: SettingsDeps;
  readonly kiosks: KioskDeps;
}

/** All that the server answers. */
export function routesOf({
  site,
  about,
  health,
  cameras,
  cameraSearch,
  cameraViews,
  alarms,
  logs,
  ledger,
  auth,
  ownAccount,
  people,
  rights,
  viewings,
  holds,
  retention,
  tasks,
  items,
  today,
  marks,
  footage,
  timeline,
  live,
  settings,
  kiosks,
}: RouteDeps): Route[] {
  const routes = [
    ...siteRoutes(site),
    ...aboutRoutes(about),
    ...healthRoutes(health),
    ...cameraRoutes(cameras),
    ...cameraSearchRoutes(cameraSearch),
    ...cameraViewRoutes(cameraViews),
    ...alarmRoutes(alarms),
    ...logRoutes(logs),
    ...ledgerRoutes(ledger),
    ...authRoutes(auth),
    ...ownAccountRoutes(ownAccount),
    ...peopleRoutes(people),
    ...rightRoutes(rights),
    ...viewingRoutes(viewings),
    ...holdRoutes(holds),
    ...retentionRoutes(retention),
    ...taskRoutes(tasks),
    ...itemRoutes(items),
    ...todayRoutes(today),
    ...markRoutes(marks),
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
