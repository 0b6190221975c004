// What the unmodified Amplify client gets from a running system: API_URL and EVENTS_URL say where it runs, as in
//   API_URL=http://localhost:8080 EVENTS_URL=HTTP://localhost:8081/event node --test test/amplify.test.mjs
// (`HTTP` in capitals makes Amplify open ws: and not wss:). Every test brings its own users, so a system may be tested
// many times.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { User } from './user.mjs';

const { API_URL: apiUrl, EVENTS_URL: eventsUrl } = process.env;
// Not skipped: a run without a system has shown nothing.
assert.ok(apiUrl && eventsUrl, 'API_URL and EVENTS_URL must say where the system runs');

const PATIENCE = { timeout: 30_000 };
// Amplify waits 5 seconds before it reconnects.
const MORE_PATIENCE = { timeout: 90_000 };
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const tokensOf = (userId, expiresInSeconds) => call('/local/token', { userId, expiresInSeconds });

async function breakSockets(t) {
  t.after(mendSockets);
  await faults('PUT', { sockets: { dropRate: 1 } });
}

const mendSockets = () => faults('DELETE');

async function faults(method, body) {
  const response = await fetch(`${apiUrl}/local/faults`, { method, body: body && JSON.stringify(body) });
  assert.equal(response.status, 204);
}

async function call(path, body, token) {
  const response = await fetch(apiUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = await response.json();
  assert.equal(response.status, 200, `${path} answered ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** A user, what their subscriptions brought, and the calls that they make. */
class Person {
  arrivals = [];
  failures = [];
  #waiting = [];

  static async join(t, name) {
    const userId = `${name}-${randomUUID().slice(0, 8)}`;
    const tokens = await call('/local/token', { userId, firstName: name, lastName: 'Tester' });
    return new Person(t, userId, tokens);
  }

  constructor(t, userId, { accessToken, idToken }) {
    this.userId = userId;
    this.chats = `/chats/${userId}`;
    this.calls = `/calls/${userId}`;
    this.accessToken = accessToken;
    this.amplify = new User(
      { eventsUrl, userId, accessToken, idToken, observed: true },
      (arrival) => {
        this.arrivals.push(arrival);
        this.#waiting.forEach((look) => look());
      },
      (failure) => this.failures.push(failure),
    );
    t.after(() => this.amplify.close());
  }

  async conversationWith(other) {
    const body = { type: 'DIRECT', participantIds: [other.userId] };
    return (await call('/api/conversations', body, this.accessToken)).conversation;
  }

  async send(conversationId, content, tempId) {
    return await call('/api/messages/send', { conversationId, content, tempId }, this.accessToken);
  }

  /** The first event so far or to come that fits. */
  receives(fits, described) {
    const { promise, resolve, reject } = withResolvers();
    const timer = setTimeout(
      () => reject(new Error(`${this.userId} never got ${described}, but ${JSON.stringify(this.arrivals)}`)),
      15_000,
    );
    const look = () => {
      const arrival = this.arrivals.find(fits);
      if (arrival) {
        clearTimeout(timer);
        resolve(arrival.event);
      }
    };
    this.#waiting.push(look);
    look();
    return promise;
  }

  receivesMessage(content, { number } = {}) {
    return this.receives(
      (arrival) =>
        arrival.event.type === 'MESSAGE_SENT' &&
        arrival.event.data.content === content &&
        (number === undefined || arrival.number === number),
      `the message '${content}'`,
    );
  }

  received(content) {
    return this.arrivals.some(({ event }) => event.data?.content === content);
  }
}

// Promise.withResolvers, which Node 20 lacks.
function withResolvers() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

async function isRefused(person, channel) {
  await assert.rejects(person.amplify.subscribe(channel), /Unauthorized/, `${channel} is refused`);
  assert.deepEqual(
    person.failures.map((failure) => failure.channel),
    [channel],
    'its observer is told, once',
  );
  assert.match(person.failures[0].message, /Unauthorized/);
}

test('a message that is sent reaches both participants, the sender too, in its envelope', PATIENCE, async (t) => {
  const [alice, bob] = await Promise.all([Person.join(t, 'alice'), Person.join(t, 'bob')]);
  await Promise.all([alice.amplify.subscribe(alice.chats), bob.amplify.subscribe(bob.chats)]);

  const { conversationId } = await alice.conversationWith(bob);
  const sent = await alice.send(conversationId, 'Hello, Bob', 'temp-1');
  const [atAlice, atBob] = await Promise.all([alice.receivesMessage('Hello, Bob'), bob.receivesMessage('Hello, Bob')]);

  for (const event of [atAlice, atBob]) {
    assert.equal(typeof event.id, 'string');
    assert.notEqual(event.id, '');
    assert.equal(event.version, 1);
    assert.match(event.timestamp, ISO_TIME);
    assert.match(event.serverTimestamp, ISO_TIME);
    assert.equal(event.data.conversationId, conversationId);
    assert.equal(event.data.content, 'Hello, Bob');
    assert.equal(event.data.sequence, 1);
    assert.equal(event.data.senderId, alice.userId);
    assert.equal(event.data.tempId, 'temp-1');
    assert.equal(event.data.messageId, sent.message.messageId);
  }
  assert.equal(atBob.id, atAlice.id, 'an event has one id for all of its recipients');
});

test('a conversation that is created is announced to both participants', PATIENCE, async (t) => {
  const [alice, bob] = await Promise.all([Person.join(t, 'alice'), Person.join(t, 'bob')]);
  await Promise.all([alice.amplify.subscribe(alice.chats), bob.amplify.subscribe(bob.chats)]);

  const { conversationId } = await alice.conversationWith(bob);
  const isThis = ({ event }) => event.type === 'CONVERSATION_CREATED' && event.data.conversationId === conversationId;

  for (const person of [alice, bob]) {
    const event = await person.receives(isThis, 'CONVERSATION_CREATED');
    assert.equal(event.data.type, 'DIRECT');
    assert.deepEqual([...event.data.participants].sort(), [alice.userId, bob.userId].sort());
  }
});

test("a subscription to somebody else's channel is refused", PATIENCE, async (t) => {
  const alice = await Person.join(t, 'alice');
  await isRefused(alice, `/chats/bob-${randomUUID().slice(0, 8)}`);
});

test("a subscription to everybody's channels is refused", PATIENCE, async (t) => {
  await isRefused(await Person.join(t, 'alice'), '/chats/*');
});

test("a subscription to a deeper path under one's own channel is refused", PATIENCE, async (t) => {
  const alice = await Person.join(t, 'alice');
  await isRefused(alice, `${alice.chats}/x`);
});

test('a refused subscription leaves the others on the same socket alive', PATIENCE, async (t) => {
  const [alice, bob] = await Promise.all([Person.join(t, 'alice'), Person.join(t, 'bob')]);
  const { conversationId } = await alice.conversationWith(bob);
  await alice.amplify.subscribe(alice.chats);
  await isRefused(alice, bob.chats);

  await bob.send(conversationId, 'Still there?');

  await alice.receivesMessage('Still there?');
  assert.equal((await alice.amplify.traffic()).sockets, 1, 'it is the socket of before');
});

test("a user's publication over HTTP is refused and reaches nobody", PATIENCE, async (t) => {
  const [alice, bob] = await Promise.all([Person.join(t, 'alice'), Person.join(t, 'bob')]);
  const { conversationId } = await alice.conversationWith(bob);
  await alice.amplify.subscribe(alice.chats);

  await assert.rejects(alice.amplify.post(alice.chats, { type: 'MESSAGE_SENT', data: { content: 'forged' } }), {
    name: 'UnauthorizedException',
  });

  await bob.send(conversationId, 'true');
  await alice.receivesMessage('true');
  assert.equal(alice.received('forged'), false);
});

test("a user's publication over the WebSocket is refused and reaches nobody", PATIENCE, async (t) => {
  const [alice, bob] = await Promise.all([Person.join(t, 'alice'), Person.join(t, 'bob')]);
  const { conversationId } = await alice.conversationWith(bob);
  await alice.amplify.subscribe(alice.chats);

  await assert.rejects(
    alice.amplify.publish(alice.chats, { type: 'MESSAGE_SENT', data: { content: 'forged' } }),
    /Publish errors: Unauthorized/,
  );

  await bob.send(conversationId, 'true');
  await alice.receivesMessage('true');
  assert.equal(alice.received('forged'), false);
});

test('unsubscribing stops the delivery to that subscription and to no other', PATIENCE, async (t) => {
  const [alice, bob] = await Promise.all([Person.join(t, 'alice'), Person.join(t, 'bob')]);
  const { conversationId } = await alice.conversationWith(bob);
  const stopped = await alice.amplify.subscribe(alice.chats);
  const kept = await alice.amplify.subscribe(alice.chats);
  await bob.send(conversationId, 'one');
  await Promise.all([alice.receivesMessage('one', stopped), alice.receivesMessage('one', kept)]);

  await alice.amplify.unsubscribe(stopped);
  await confirmed(alice, stopped);
  await bob.send(conversationId, 'two');
  await alice.receivesMessage('two', kept);
  await bob.send(conversationId, 'three'); // comes after whatever 'two' might still bring
  await alice.receivesMessage('three', kept);

  const { received } = await alice.amplify.traffic();
  const ofStopped = received.filter(({ id }) => id === stopped.id).map(({ type }) => type);
  assert.equal(ofStopped.at(-1), 'unsubscribe_success', 'nothing was sent to it any more');
});

test('a dropped socket comes back with its subscriptions, not with what it missed', MORE_PATIENCE, async (t) => {
  const [alice, bob] = await Promise.all([Person.join(t, 'alice'), Person.join(t, 'bob')]);
  const chats = await alice.amplify.subscribe(alice.chats);
  const calls = await alice.amplify.subscribe(alice.calls);
  const { conversationId } = await alice.conversationWith(bob);
  await alice.receives(({ event }) => event.type === 'CONVERSATION_CREATED', 'the conversation');

  await breakSockets(t);
  await bob.send(conversationId, 'lost');
  await until(alice, ({ closed }) => closed === 1);
  await mendSockets();
  await until(alice, ({ received }) => [chats, calls].every(({ id }) => timesConfirmed(received, id) === 2));

  await bob.send(conversationId, 'Welcome back');
  await alice.receivesMessage('Welcome back', chats);
  assert.equal(alice.received('lost'), false, 'what was sent meanwhile has to be read back');
  assert.equal((await alice.amplify.traffic()).sockets, 2);
});

test('an open subscription outlives its token; a new one wants a fresh token', MORE_PATIENCE, async (t) => {
  const [alice, bob] = await Promise.all([Person.join(t, 'alice'), Person.join(t, 'bob')]);
  const { conversationId } = await alice.conversationWith(bob);
  const token = await signInForAMoment(alice);
  await alice.amplify.subscribe(alice.chats);
  await token.over;

  await isRefused(alice, alice.calls);
  await bob.send(conversationId, 'Still there?');
  await alice.receivesMessage('Still there?');

  await alice.amplify.signIn(await tokensOf(alice.userId));
  await alice.amplify.subscribe(alice.calls);
  assert.equal((await alice.amplify.traffic()).sockets, 1, 'it is the socket of before');
});

test('with an expired token a connection is refused', MORE_PATIENCE, async (t) => {
  const alice = await Person.join(t, 'alice');
  const token = await signInForAMoment(alice);
  await token.over;

  await assert.rejects(alice.amplify.subscribe(alice.chats));

  assert.deepEqual(
    (await alice.amplify.traffic()).received.filter(({ type }) => type === 'connection_ack'),
    [],
  );
});

/** Gives a person a token that is good for a moment. `over` resolves when it is no longer. */
async function signInForAMoment(person) {
  await person.amplify.traffic(); // Amplify is loaded by then, which may take longer than the moment.
  const tokens = await tokensOf(person.userId, 6);
  await person.amplify.signIn(tokens);
  return { over: pause(6_500) };
}

const timesConfirmed = (received, id) =>
  received.filter((frame) => frame.type === 'subscribe_success' && frame.id === id).length;

/** Amplify tells nobody of all this, so the traffic is looked at until it is so. */
async function until(person, isSo) {
  while (!isSo(await person.amplify.traffic())) {
    await pause(20);
  }
}

function confirmed(person, { id }) {
  return until(person, ({ received }) =>
    received.some((frame) => frame.type === 'unsubscribe_success' && frame.id === id),
  );
}
