/** The little that we use of a package without types. */
declare module 'node-media-server' {
  import type { Server } from 'node:http';

  interface NodeMediaServerConfig {
    readonly bind: string;
    readonly http: { readonly port: number };
    readonly auth: { readonly play: boolean; readonly publish: boolean; readonly secret: string };
    readonly webadmin: { readonly enable: boolean };
    readonly record: { readonly auto: boolean };
  }

  export default class NodeMediaServer {
    constructor(config: NodeMediaServerConfig);
    readonly httpServer: { readonly httpServer: Server };
  }
}
