import type { DiscoveredDevice } from './discover.ts';
import type { SeenCamera } from './look-at-camera.ts';

/** What looking for cameras, or at one, has brought. */
export type Found =
  | {
      readonly kind: 'discovery';
      readonly devices: readonly (DiscoveredDevice & { readonly registered: boolean })[];
    }
  | { readonly kind: 'probe'; readonly seen: SeenCamera };
