// Records what Amplify sends in user-pool mode, from opening the socket to unsubscribing, so that a client in another
// language can be held to the very same frames. What differs between two runs stands in angle brackets.
//   node test/frames.mjs     writes the recording of the installed Amplify
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { User } from './user.mjs';

const CHANNEL = '/chats/alice';
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const DATE = /^\d{8}T\d{6}Z$/;

const claims = (more) => Buffer.from(JSON.stringify({ sub: 'alice', ...more })).toString('base64url');
const ACCESS_TOKEN = `e30.${claims({ token_use: 'access' })}.access`;
const ID_TOKEN = `e30.${claims({ token_use: 'id' })}.id`;

/** The version of Amplify that is installed. */
export async function amplifyVersion() {
  const description = new URL('../node_modules/aws-amplify/package.json', import.meta.url);
  return JSON.parse(await readFile(description, 'utf8')).version;
}

/** Where the recording of a version is kept. */
export function recordingOf(version) {
  return new URL(`../recorded/amplify-${version}-frames.json`, import.meta.url);
}

/** Lets Amplify connect, subscribe and unsubscribe against a server of this file's own, and returns what came in. */
export async function record() {
  const http = createServer().listen(0, 'localhost');
  await once(http, 'listening');
  const host = `localhost:${http.address().port}`;
  const heard = { frames: [] };
  const unsubscribed = listen(http, heard);

  const tokens = { accessToken: ACCESS_TOKEN, idToken: ID_TOKEN };
  const alice = new User(
    { eventsUrl: `HTTP://${host}/event`, userId: 'alice', ...tokens },
    () => {},
    () => {},
  );
  await alice.unsubscribe(await alice.subscribe(CHANNEL));
  await unsubscribed;
  await alice.close();
  http.close();
  return JSON.parse(JSON.stringify(heard), (_, value) => placeholder(value, host));
}

/** Answers like AppSync Events, and resolves when everything has been heard. */
function listen(http, heard) {
  const answers = {
    connection_init: () => [{ type: 'connection_ack', connectionTimeoutMs: 300_000 }, { type: 'ka' }],
    subscribe: ({ id }) => [{ type: 'subscribe_success', id }],
    unsubscribe: ({ id }) => [{ type: 'unsubscribe_success', id }],
  };
  const server = new WebSocketServer({ server: http, handleProtocols: () => 'aws-appsync-event-ws' });
  return new Promise((resolve) => {
    server.on('connection', (socket, request) => {
      heard.handshake = handshake(request);
      socket.on('message', (text) => {
        const frame = JSON.parse(text);
        heard.frames.push(frame);
        answers[frame.type](frame).forEach((answer) => socket.send(JSON.stringify(answer)));
        if (frame.type === 'unsubscribe') {
          resolve();
        }
      });
    });
  });
}

// Of the handshake only what Amplify decides: the other headers are the WebSocket library's. The header that is encoded in
// a sub-protocol is kept decoded; that it was encoded without padding is checked here.
function handshake({ method, url, headers }) {
  const [subprotocol, encoded, ...more] = headers['sec-websocket-protocol'].split(/, ?/);
  if (more.length > 0 || !/^header-[A-Za-z0-9_-]+$/.test(encoded)) {
    throw new Error(`unexpected sub-protocols: ${headers['sec-websocket-protocol']}`);
  }
  const header = JSON.parse(Buffer.from(encoded.slice('header-'.length), 'base64url'));
  return { method, url, subprotocols: [subprotocol, 'header-<base64url of header>'], header };
}

function placeholder(value, host) {
  const known = { [host]: '<host>', [ACCESS_TOKEN]: '<access token>', [ID_TOKEN]: '<id token>' };
  if (typeof value !== 'string') {
    return value;
  }
  if (ID.test(value)) {
    return '<id>';
  }
  if (DATE.test(value)) {
    return '<date>';
  }
  return known[value] ?? value;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = recordingOf(await amplifyVersion());
  // Handshake first, as it happened.
  const { handshake, frames } = await record();
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ handshake, frames }, null, 2)}\n`);
  console.log(`written: ${fileURLToPath(file)}`);
}
