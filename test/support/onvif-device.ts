import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a scripted camera does wrong. Without any it is a well-behaved one with a main and a sub profile. */
export interface OnvifScript {
  /** Whole body for a SOAP action (`GetProfiles`), instead of the normal one. */
  readonly replies?: Readonly<Record<string, (envelope: typeof soap) => string>>;
  /** Answers everything this way. */
  readonly raw?: (request: IncomingMessage, response: ServerResponse) => void;
  readonly streamUri?: string;
  /** Camera's clock minus ours. */
  readonly skewMs?: number;
  readonly user?: string;
  readonly password?: string;
  readonly mainToken?: string;
}

export interface OnvifPeer {
  readonly port: number;
  readonly url: string;
  /** SOAP actions in the order they were asked. */
  readonly asked: string[];
  close(): Promise<void>;
}

export const soap = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;

/** A scripted ONVIF device on a loopback address and a free port. */
export async function startOnvifPeer(script: OnvifScript = {}, address = '127.0.0.1'): Promise<OnvifPeer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const action = /<(?:\w+:)?(Get\w+)/.exec(body)?.[1] ?? '';
      asked.push(action);
      if (script.raw) return script.raw(request, response);
      const needsLogin = action !== 'GetSystemDateAndTime';
      if (needsLogin && script.password !== undefined && !loginIsRight(body, script)) {
        response.writeHead(400, { 'content-type': 'application/soap+xml' });
        return response.end(NOT_AUTHORIZED);
      }
      response.writeHead(200, { 'content-type': 'application/soap+xml' });
      return response.end(script.replies?.[action]?.(soap) ?? soap(normal(action, body, script, port())));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const port = () => (server.address() as AddressInfo).port;
  return {
    port: port(),
    url: `http://${address}:${port()}/onvif/device_service`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const NOT_AUTHORIZED = soap(
  '<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode><SOAP-ENV:Value>ter:NotAuthorized</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text>Sender not Authorized</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>',
);

/** The digest of WSS Username Token Profile 1.0, and a time stamp within 5 s of the camera's own clock. */
function loginIsRight(body: string, script: OnvifScript): boolean {
  const part = (name: string) => new RegExp(`<${name}[^>]*>([^<]*)</${name}>`).exec(body)?.[1] ?? '';
  const digest = createHash('sha1')
    .update(Buffer.from(part('Nonce'), 'base64'))
    .update(part('Created'))
    .update(script.password ?? '')
    .digest('base64');
  const cameraNow = Date.now() + (script.skewMs ?? 0);
  return (
    part('Username') === (script.user ?? 'girok') &&
    part('Password') === digest &&
    Math.abs(Date.parse(part('Created')) - cameraNow) < 5000
  );
}

function normal(action: string, body: string, script: OnvifScript, port: number): string {
  const mainToken = script.mainToken ?? '1.10';
  switch (action) {
    case 'GetSystemDateAndTime': {
      const now = new Date(Date.now() + (script.skewMs ?? 0));
      return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:UTCDateTime><tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
    }
    case 'GetDeviceInformation':
      return '<tds:GetDeviceInformationResponse><tds:Manufacturer>Scripted</tds:Manufacturer><tds:Model>007</tds:Model><tds:FirmwareVersion>1.10</tds:FirmwareVersion></tds:GetDeviceInformationResponse>';
    case 'GetServices':
      // The address is a lie on purpose: nobody may follow it.
      return '<tds:GetServicesResponse><tds:Service><tds:Namespace>http://www.onvif.org/ver10/media/wsdl</tds:Namespace><tds:XAddr>http://192.0.2.1/onvif/media_service</tds:XAddr></tds:Service><tds:Service><tds:Namespace>http://www.onvif.org/ver10/device/wsdl</tds:Namespace><tds:XAddr>http://192.0.2.1/onvif/device_service</tds:XAddr></tds:Service></tds:GetServicesResponse>';
    case 'GetProfiles':
      return `<trt:GetProfilesResponse>${profile(mainToken, 'H264', 1920, 1080, 4096)}${profile('true', 'H264', 640, 360, 512)}${profile('jpeg', 'JPEG', 2560, 1440, 8192)}</trt:GetProfilesResponse>`;
    case 'GetStreamUri': {
      const token = /<ProfileToken>([^<]*)</.exec(body)?.[1] ?? '';
      const uri = script.streamUri ?? `rtsp://127.0.0.1:${port}/stream/${token}?a=1&amp;b=2`;
      return `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>${uri}</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>`;
    }
    default:
      return `<tds:${action}Response/>`;
  }
}

const profile = (token: string, encoding: string, width: number, height: number, kilobits: number) =>
  `<trt:Profiles fixed="true" token="${token}"><tt:Name>${token}</tt:Name><tt:VideoSourceConfiguration token="vs"><tt:SourceToken>000</tt:SourceToken></tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="e-${token}"><tt:Encoding>${encoding}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:RateControl><tt:FrameRateLimit>15</tt:FrameRateLimit><tt:BitrateLimit>${kilobits}</tt:BitrateLimit></tt:RateControl></tt:VideoEncoderConfiguration></trt:Profiles>`;
