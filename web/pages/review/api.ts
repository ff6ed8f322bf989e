import { z } from 'zod';
import { aboutSchema } from '../../../src/contract/about.ts';
import { cameraSchema } from '../../../src/contract/cameras.ts';
import { calendarSchema, timelineSchema } from '../../../src/contract/footage.ts';
import { holdSchema } from '../../../src/contract/holds.ts';
import {
  grantSchema,
  markSchema,
  openedSchema,
  purposeSchema,
  viewingSchema,
} from '../../../src/contract/viewings.ts';
import { get, post, send } from '../../api/client.ts';
import type { Asking } from './shapes.ts';

/** What this page asks the server. */

const camerasSchema = z.strictObject({ cameras: z.array(cameraSchema) });
const purposesSchema = z.strictObject({ purposes: z.array(purposeSchema) });
const grantsSchema = z.strictObject({ grants: z.array(grantSchema) });
const viewingsSchema = z.strictObject({ viewings: z.array(viewingSchema) });
const holdsSchema = z.strictObject({ holds: z.array(holdSchema) });
const marksSchema = z.strictObject({ marks: z.array(markSchema) });
const ownViewingSchema = z.strictObject({ viewing: viewingSchema, grant: grantSchema });

export const askCameras = async (signal: AbortSignal) =>
  (await get('/api/cameras', camerasSchema, { signal })).cameras;
export const askPurposes = async (signal: AbortSignal) =>
  (await get('/api/purposes', purposesSchema, { signal })).purposes;
export const askCalendar = (signal: AbortSignal) => get('/api/calendar', calendarSchema, { signal });
export const askGrants = async (signal: AbortSignal) =>
  (await get('/api/me/grants', grantsSchema, { signal })).grants;
export const askViewings = async (signal: AbortSignal) =>
  (await get('/api/viewings', viewingsSchema, { signal })).viewings;
export const askViewing = (id: string, signal: AbortSignal) =>
  get(`/api/viewings/${id}`, ownViewingSchema, { signal });

export const askTimeline = (
  {
    cameras,
    fromUs,
    toUs,
    bucketSeconds,
  }: {
    readonly cameras: readonly string[];
    readonly fromUs: number;
    readonly toUs: number;
    readonly bucketSeconds: number;
  },
  signal: AbortSignal,
) =>
  get('/api/timeline', timelineSchema, {
    signal,
    query: { cameras: cameras.join(','), from: isoOf(fromUs), to: isoOf(toUs), bucket: bucketSeconds },
  });

export const askMarks = async (viewing: string, signal: AbortSignal) =>
  (await get(`/api/viewings/${viewing}/marks`, marksSchema, { signal })).marks;
export const addMark = (viewing: string, mark: { camera: string; at: string; note?: string }) =>
  send('POST', `/api/viewings/${viewing}/marks`, mark);

export const openViewing = (asking: Asking) => post('/api/viewings', asking, openedSchema);
export const breakGlass = (asking: Asking) => post('/api/break-glass', asking, openedSchema);
export const requestGrant = (asking: Asking) =>
  post('/api/grants', asking, z.strictObject({ grant: z.string() }));
export const openGrant = (id: string) => post(`/api/grants/${id}/open`, {}, openedSchema);
export const askAbout = (signal: AbortSignal) => get('/api/about', aboutSchema, { signal });
export const askHolds = async (signal: AbortSignal) =>
  (await get('/api/holds', holdsSchema, { signal })).holds;
/** @param incident the hold that it is kept under */
export const closeViewing = (id: string, outcome: 'no_finding' | 'incident', incident?: string) =>
  send('POST', `/api/viewings/${id}/close`, { outcome, ...(incident !== undefined && { incident }) });
export const reportIncident = (
  viewing: string,
  seen: {
    readonly cameras: readonly string[];
    readonly from: string;
    readonly to: string;
    readonly reason: string;
  },
) => post(`/api/viewings/${viewing}/incident`, seen, holdSchema);

/** µs UTC as the API writes it. */
export const isoOf = (us: number): string => new Date(us / 1000).toISOString();
export const usOf = (iso: string): number => Date.parse(iso) * 1000;
