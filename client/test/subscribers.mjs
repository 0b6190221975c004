// Many signed-in users, each with an unmodified Amplify of their own, for a test that is written in another language.
//
// In, one line of JSON:
//   {"eventsUrl": "HTTP://localhost:8081/event",
//    "users": [{"userId": "u1", "accessToken": "…", "idToken": "…", "channels": ["/chats/u1"]}, …]}
// Out, a line of JSON each:
//   {"kind": "ready", "userId", "channel"}             the subscription is confirmed
//   {"kind": "event", "userId", "channel", "event"}    in the order in which this user got them
//   {"kind": "error", "userId", "channel", "message"}  the subscription was refused, or failed later
// Ends when the input does, once every line is written.
import { createInterface } from 'node:readline';
import { User } from './user.mjs';

// Written without waiting: nothing can hold Amplify back, so what the reader does not take yet stands in memory. Nobody
// calls process.exit() for the same reason: Node ends by itself after the last line.
function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

// A reader that has gone wants no more lines.
process.stdout.on('error', () => process.exit(1));

function subscribe({ userId, accessToken, idToken, channels }, eventsUrl) {
  const refused = new Set();
  const fail = ({ channel, message }) => {
    refused.add(channel);
    say({ kind: 'error', userId, channel, message });
  };
  const user = new User(
    { eventsUrl, userId, accessToken, idToken },
    ({ channel, event }) => say({ kind: 'event', userId, channel, event }),
    fail,
  );
  for (const channel of channels) {
    user.subscribe(channel).then(
      () => say({ kind: 'ready', userId, channel }),
      // A refusal has been told as a failure already; a thread that could not even start has not.
      ({ message }) => refused.has(channel) || fail({ channel, message }),
    );
  }
  return user;
}

let users = [];
createInterface({ input: process.stdin })
  .once('line', (line) => {
    const order = JSON.parse(line);
    users = order.users.map((user) => subscribe(user, order.eventsUrl));
  })
  .once('close', () => Promise.all(users.map((user) => user.close())));
