// One signed-in user with an Amplify of their own: its configuration and its socket belong to the whole thread. Amplify is
// used exactly as a page would use it; this file only carries calls in and answers, events and failures out.
import { parentPort, workerData } from 'node:worker_threads';
import { setImmediate, setTimeout } from 'node:timers/promises';

// Node has a WebSocket of its own from 22 on.
globalThis.WebSocket ??= (await import('ws')).WebSocket;

// What came in, and how many sockets were opened and closed, told to tests that ask. A subclass, so that nothing else changes.
const traffic = { sockets: 0, closed: 0, received: [] };
if (workerData.observed) {
  globalThis.WebSocket = class extends globalThis.WebSocket {
    constructor(...args) {
      super(...args);
      traffic.sockets += 1;
      this.addEventListener('close', () => (traffic.closed += 1));
      this.addEventListener('message', ({ data }) => {
        const { type, id } = JSON.parse(data);
        traffic.received.push({ type, id });
      });
    }
  };
}

const { Amplify } = await import('aws-amplify');
const { events } = await import('aws-amplify/api');

// A token as Amplify's token provider hands it out: itself, with its claims beside it.
function jwt(token) {
  const payload = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  return { payload, toString: () => token };
}

const parsed = ({ accessToken, idToken }) => ({ accessToken: jwt(accessToken), idToken: jwt(idToken) });
let tokens = parsed(workerData);
Amplify.configure(
  { API: { Events: { endpoint: workerData.eventsUrl, region: 'us-east-1', defaultAuthMode: 'userPool' } } },
  { Auth: { tokenProvider: { getTokens: async () => tokens } } },
);

// Amplify rejects with an Error, and calls observers with an object that holds several.
function reasonOf(error) {
  return error?.errors?.map((one) => one.message).join('; ') || error?.message || String(error);
}

const channels = new Map();
const subscriptions = new Map();

async function connected(channel) {
  if (!channels.has(channel)) {
    channels.set(channel, await events.connect(channel));
  }
  return channels.get(channel);
}

const calls = {
  async signIn(newTokens) {
    tokens = parsed(newTokens);
  },

  async subscribe({ channel, number }) {
    const told = (reason) => parentPort.postMessage({ failure: { channel, number, message: reason } });
    const connection = await connected(channel).catch((error) => {
      told(reasonOf(error));
      throw error;
    });
    const subscription = connection.subscribe({
      next: ({ event }) => parentPort.postMessage({ event: { channel, number, event } }),
      error: (error) => told(reasonOf(error)),
    });
    subscriptions.set(number, subscription);
    return (await subscription.ready).subscriptionId;
  },

  async unsubscribe({ number }) {
    subscriptions.get(number).unsubscribe();
    subscriptions.delete(number);
  },

  async publish({ channel, event }) {
    await (await connected(channel)).publish(event);
  },

  async post({ channel, event }) {
    return await events.post(channel, event);
  },

  async traffic() {
    return traffic;
  },

  // Amplify sends an unsubscription a few promises later, and never closes a socket that is already gone.
  async close() {
    for (const subscription of subscriptions.values()) {
      subscription.unsubscribe();
    }
    await setImmediate();
    await Promise.race([events.closeAll(), setTimeout(2_000)]);
  },
};

parentPort.on('message', async ({ call, name, args }) => {
  try {
    parentPort.postMessage({ answer: { call, value: await calls[name](args) } });
  } catch (error) {
    parentPort.postMessage({ answer: { call, refused: reasonOf(error), name: error?.name } });
  }
});
