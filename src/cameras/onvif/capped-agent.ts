import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { SOAP_LIMITS } from '../soap-tree.ts';

/** Body limit plus room for headers. */
const WIRE_BYTES = SOAP_LIMITS.bytes + 16 * 1024;

/**
 * An agent whose connections carry at most one reply of 64 kB: the `onvif` package collects a reply of any
 * size and then runs a quadratic expression over it. One connection per request, so the count starts anew.
 */
export function createCappedAgent(secure: boolean, onExceeded: () => void): http.Agent {
  const agent = secure ? new https.Agent({ keepAlive: false }) : new http.Agent({ keepAlive: false });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const connection = connect(options, callback);
    if (connection) capped(connection, onExceeded);
    return connection;
  };
  return agent;
}

function capped(connection: Duplex, onExceeded: () => void): void {
  let bytes = 0;
  connection.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= WIRE_BYTES) return;
    connection.destroy();
    onExceeded();
  });
}
