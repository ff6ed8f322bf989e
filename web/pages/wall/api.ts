import { z } from 'zod';
import { cameraHealthSchema, cameraSchema } from '../../../src/contract/cameras.ts';
import { grantSchema, openedSchema, purposeSchema, viewingSchema } from '../../../src/contract/viewings.ts';
import { get, post, send } from '../../api/client.ts';
import { byItself } from '../../api/unasked.ts';

/** What the wall asks the server. */

export type Camera = z.infer<typeof cameraSchema>;
export type Health = z.infer<typeof cameraHealthSchema>;
export type Purpose = z.infer<typeof purposeSchema>;

export interface Asking {
  /** `live`: one camera, enlarged. */
  readonly kind: 'shift' | 'live';
  readonly purpose: string;
  readonly reason: string;
  readonly cameras: readonly string[];
}

const camerasSchema = z.strictObject({ cameras: z.array(cameraSchema) });
const purposesSchema = z.strictObject({ purposes: z.array(purposeSchema) });
const healthSchema = z.strictObject({ at: z.iso.datetime(), cameras: z.array(cameraHealthSchema) });
const viewingsSchema = z.strictObject({ viewings: z.array(viewingSchema) });
const ownViewingSchema = z.strictObject({ viewing: viewingSchema, grant: grantSchema });
export type OwnViewing = z.infer<typeof ownViewingSchema>;

/** What one may choose from, and a shift that is open already. */
export async function askBeginning(signal: AbortSignal) {
  const [{ cameras }, { purposes }, { viewings }] = await Promise.all([
    get('/api/cameras', camerasSchema, { signal, query: { may: 'live' } }),
    get('/api/purposes', purposesSchema, { signal }),
    get('/api/viewings', viewingsSchema, { signal }),
  ]);
  const open = viewings.find(({ kind, closed }) => kind === 'shift' && closed === undefined);
  return {
    cameras: cameras.filter(({ enabled }) => enabled),
    purposes,
    open: open && (await askViewing(open.id, signal)),
  };
}
export type Beginning = Awaited<ReturnType<typeof askBeginning>>;

export const askHealth = (signal: AbortSignal) => get('/api/cameras/health', healthSchema, { signal });

export const askViewing = (id: string, signal: AbortSignal) =>
  get(`/api/viewings/${id}`, ownViewingSchema, { signal });

/** How a viewing ended; undefined while it is open. Asked by the page, not by whoever sits there. */
export async function askOutcome(id: string): Promise<string | undefined> {
  const { viewing } = await askViewing(id, byItself(new AbortController().signal));
  return viewing.closed === undefined ? undefined : (viewing.outcome ?? 'other');
}

export const openViewing = (asking: Asking) => post('/api/viewings', asking, openedSchema);

export const closeViewing = (id: string, outcome: 'no_finding' | 'incident', incident?: string) =>
  send('POST', `/api/viewings/${id}/close`, { outcome, ...(incident && { incident }) });
