import type { FaultFacts, FaultKind } from './fault.ts';
import { nearest } from './nearest.ts';
import { createNetworks, isCidr, literalAddress } from './networks.ts';
import type { WrittenConfig } from './schema.ts';

export interface CrossFault {
  readonly path: readonly (string | number)[];
  readonly kind: FaultKind;
  readonly facts: FaultFacts;
}

/**
 * Rules between places of the file. Runs on files whose shape has faults too, so that all faults come at once:
 * `written` may lack anything.
 */
export function crossCheck(written: DeepPartial<WrittenConfig>): CrossFault[] {
  const purposes = list(written.purposes);
  const cameras = list(written.cameras);
  const purposeIds = purposes.flatMap((purpose) => (typeof purpose?.id === 'string' ? [purpose.id] : []));
  const cidrs = list(written.cameraNetworks).filter(
    (cidr): cidr is string => typeof cidr === 'string' && isCidr(cidr),
  );
  return [
    ...duplicates('purposes', purposes),
    ...duplicates('cameras', cameras),
    ...cameras.flatMap((camera, index) =>
      list(camera?.purposes).flatMap((id, at): CrossFault[] =>
        typeof id !== 'string' || purposeIds.includes(id)
          ? []
          : [
              {
                path: ['cameras', index, 'purposes', at],
                kind: 'unknown_purpose',
                facts: { id, meant: nearest(id, purposeIds) },
              },
            ],
      ),
    ),
    ...(cidrs.length === 0 ? [] : outsiders(cameras, cidrs)),
  ];
}

function duplicates(where: 'purposes' | 'cameras', items: readonly ({ id?: unknown } | undefined)[]) {
  const seen = new Map<unknown, number>();
  return items.flatMap((item, index): CrossFault[] => {
    const id = item?.id;
    if (typeof id !== 'string') return [];
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, index);
      return [];
    }
    return [{ path: [where, index, 'id'], kind: 'duplicate_id', facts: { id, first: `${where}[${first}]` } }];
  });
}

/** Names are checked when they are resolved; literal addresses can be refused here. */
function outsiders(cameras: readonly PartialCamera[], cidrs: readonly string[]) {
  const networks = createNetworks(cidrs);
  return cameras.flatMap((camera, index): CrossFault[] => {
    const source = camera?.source;
    const urls: [string[], unknown][] = [
      [['onvif'], source?.onvif],
      [['rtsp', 'main'], source?.rtsp?.main],
      [['rtsp', 'sub'], source?.rtsp?.sub],
    ];
    return urls.flatMap(([key, url]): CrossFault[] => {
      const host = typeof url === 'string' ? URL.parse(url)?.hostname : undefined;
      const address = host ? literalAddress(host) : undefined;
      if (address === undefined || networks.contains(address)) return [];
      const path = ['cameras', index, 'source', ...key];
      return [{ path, kind: 'outside_networks', facts: { address, networks: cidrs.join(', ') } }];
    });
  });
}

const list = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : []);

type DeepPartial<T> = T extends readonly (infer E)[]
  ? readonly (DeepPartial<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T;
type PartialCamera = DeepPartial<WrittenConfig['cameras'][number]> | undefined;
