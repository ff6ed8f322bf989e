import type { ClinicCamera } from '../clinic.ts';
import type { ServedTrack } from '../rtsp/track.ts';
import { FPS, GOP_FRAMES } from '../scenes/profile.ts';
import { escapeXml } from './soap.ts';

export interface DeviceFacts {
  readonly camera: ClinicCamera;
  readonly rtsp: { readonly scheme: 'rtsp' | 'rtsps'; readonly address: string; readonly port: number };
  /** `http://address:port`. */
  readonly origin: string;
  readonly main: ServedTrack;
  readonly sub: ServedTrack;
}

export const DEVICE_PATH = '/onvif/device_service';
export const MEDIA_PATH = '/onvif/media_service';
export const SNAPSHOT_PATH = '/snapshot.jpg';

/** The body of the reply to each operation; `argument` gives the text of an element of the request. */
export type Reply = (
  facts: DeviceFacts,
  argument: (name: string) => string | undefined,
  cameraUtcMs: number,
) => string | undefined;

/** Operations of ONVIF Core and Media 1 that a recorder uses. A reply of undefined means: bad argument. */
export const REPLIES: Readonly<Record<string, Reply>> = {
  GetSystemDateAndTime: (_, __, cameraUtcMs) => dateAndTime(new Date(cameraUtcMs)),
  GetDeviceInformation: ({ camera }) =>
    `<tds:GetDeviceInformationResponse><tds:Manufacturer>Girok</tds:Manufacturer><tds:Model>Simulated ${camera.codec.toUpperCase()}</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion><tds:SerialNumber>GIROK-${String(camera.number).padStart(4, '0')}</tds:SerialNumber><tds:HardwareId>demo</tds:HardwareId></tds:GetDeviceInformationResponse>`,
  GetCapabilities: ({ origin }) =>
    `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device><tt:XAddr>${origin}${DEVICE_PATH}</tt:XAddr></tt:Device><tt:Media><tt:XAddr>${origin}${MEDIA_PATH}</tt:XAddr><tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>`,
  GetServices: ({ origin }) =>
    `<tds:GetServicesResponse>${service('http://www.onvif.org/ver10/device/wsdl', origin + DEVICE_PATH)}${service('http://www.onvif.org/ver10/media/wsdl', origin + MEDIA_PATH)}</tds:GetServicesResponse>`,
  GetScopes: ({ camera }) =>
    `<tds:GetScopesResponse>${scopesOf(camera)
      .map(
        (scope) =>
          `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${scope}</tt:ScopeItem></tds:Scopes>`,
      )
      .join('')}</tds:GetScopesResponse>`,
  GetProfiles: (facts) =>
    `<trt:GetProfilesResponse>${profile(facts, 'main', 'trt:Profiles')}${profile(facts, 'sub', 'trt:Profiles')}</trt:GetProfilesResponse>`,
  GetProfile: (facts, argument) => {
    const kind = kindOf(argument('ProfileToken'));
    return kind && `<trt:GetProfileResponse>${profile(facts, kind, 'trt:Profile')}</trt:GetProfileResponse>`;
  },
  GetVideoSources: ({ main }) =>
    `<trt:GetVideoSourcesResponse><trt:VideoSources token="source"><tt:Framerate>${FPS}</tt:Framerate><tt:Resolution><tt:Width>${main.width}</tt:Width><tt:Height>${main.height}</tt:Height></tt:Resolution></trt:VideoSources></trt:GetVideoSourcesResponse>`,
  GetVideoEncoderConfigurations: (facts) =>
    `<trt:GetVideoEncoderConfigurationsResponse>${encoder(facts, 'main', 'trt:Configurations')}${encoder(facts, 'sub', 'trt:Configurations')}</trt:GetVideoEncoderConfigurationsResponse>`,
  GetStreamUri: ({ rtsp }, argument) => {
    const kind = kindOf(argument('ProfileToken'));
    return (
      kind &&
      `<trt:GetStreamUriResponse>${mediaUri(`${rtsp.scheme}://${rtsp.address}:${rtsp.port}/${kind}`)}</trt:GetStreamUriResponse>`
    );
  },
  GetSnapshotUri: ({ origin }, argument) =>
    kindOf(argument('ProfileToken')) &&
    `<trt:GetSnapshotUriResponse>${mediaUri(origin + SNAPSHOT_PATH)}</trt:GetSnapshotUriResponse>`,
};

/** What may be asked without a login (ONVIF Core, access class PRE_AUTH). */
export const PUBLIC_OPERATIONS: ReadonlySet<string> = new Set([
  'GetSystemDateAndTime',
  'GetCapabilities',
  'GetServices',
]);

export function scopesOf(camera: ClinicCamera): string[] {
  const name = encodeURIComponent(camera.name.en);
  const place = encodeURIComponent(camera.place.en);
  return [
    'Profile/Streaming',
    'type/video_encoder',
    `name/${name}`,
    `location/${place}`,
    'hardware/demo',
  ].map((s) => `onvif://www.onvif.org/${s}`);
}

const kindOf = (token: string | undefined): 'main' | 'sub' | undefined =>
  token === 'profile_main' ? 'main' : token === 'profile_sub' ? 'sub' : undefined;

const service = (namespace: string, address: string) =>
  `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${address}</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>`;

const mediaUri = (uri: string) =>
  `<trt:MediaUri><tt:Uri>${escapeXml(uri)}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri>`;

function profile(facts: DeviceFacts, kind: 'main' | 'sub', tag: string): string {
  const { width, height } = facts.main;
  return `<${tag} token="profile_${kind}" fixed="true"><tt:Name>${kind}</tt:Name><tt:VideoSourceConfiguration token="source_config"><tt:Name>source</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>source</tt:SourceToken><tt:Bounds x="0" y="0" width="${width}" height="${height}"/></tt:VideoSourceConfiguration>${encoder(facts, kind, 'tt:VideoEncoderConfiguration')}</${tag}>`;
}

/** Media 1 knows no H.265 in its schema; cameras write it there all the same, and so do we. */
function encoder(facts: DeviceFacts, kind: 'main' | 'sub', tag: string): string {
  const track = facts[kind];
  const codec = track.codec.toUpperCase();
  return `<${tag} token="encoder_${kind}"><tt:Name>${kind}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${codec}</tt:Encoding><tt:Resolution><tt:Width>${track.width}</tt:Width><tt:Height>${track.height}</tt:Height></tt:Resolution><tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>${FPS}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>${Math.round(track.bitrateBps / 1000)}</tt:BitrateLimit></tt:RateControl><tt:${codec}><tt:GovLength>${GOP_FRAMES}</tt:GovLength><tt:${codec}Profile>${codec === 'H264' ? 'High' : 'Main'}</tt:${codec}Profile></tt:${codec}><tt:SessionTimeout>PT60S</tt:SessionTimeout></${tag}>`;
}

function dateAndTime(now: Date): string {
  const parts = (tag: string) =>
    `<tt:${tag}><tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date></tt:${tag}>`;
  return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>UTC0</tt:TZ></tt:TimeZone>${parts('UTCDateTime')}</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
}
