import type { SourceConfig } from './config.ts';

/** Where a camera is asked, for whoever has to find it in the network. */
export interface CameraAddress {
  readonly use: 'onvif' | 'main' | 'sub';
  /** Scheme, host and port. */
  readonly at: string;
}

/** Nothing behind the port: some cameras have their login in the path or the query. */
export function cameraAddresses(source: SourceConfig): CameraAddress[] {
  if (source.kind === 'onvif') return [{ use: 'onvif', at: placeOf(source.deviceUrl) }];
  return [
    { use: 'main', at: placeOf(source.mainUrl) },
    ...(source.subUrl === undefined ? [] : [{ use: 'sub' as const, at: placeOf(source.subUrl) }]),
  ];
}

/** @param url checked when it was configured */
export function placeOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
