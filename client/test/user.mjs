// A user as tests see one: signed in, in a worker thread of their own (Amplify allows one user a thread).
import { Worker } from 'node:worker_threads';

export class User {
  #worker;
  #calls = new Map();
  #number = 0;
  #left = false;
  #onEvent;
  #onFailure;

  /**
   * @param {{eventsUrl: string, userId: string, accessToken: string, idToken: string, observed?: boolean}} signedIn
   * `observed`: whether `traffic()` is to tell anything
   * @param {(arrival: {channel: string, number: number, event: object}) => void} onEvent called for every event
   * @param {(failure: {channel: string, number: number, message: string}) => void} onFailure called when a
   * subscription's observer is told of an error, and when the connection for a subscription is refused
   */
  constructor(signedIn, onEvent, onFailure) {
    this.userId = signedIn.userId;
    this.#onEvent = onEvent;
    this.#onFailure = onFailure;
    this.#worker = new Worker(new URL('./user-worker.mjs', import.meta.url), { workerData: signedIn });
    this.#worker.on('message', (message) => this.#take(message));
    this.#worker.on('error', (error) => this.#refuseAll(error));
    this.#worker.on('exit', () => {
      this.#left = true;
      this.#refuseAll(new Error(`${this.userId} has left`));
    });
  }

  /** Resolves when the server has confirmed the subscription: its number here, and its id on the wire. */
  async subscribe(channel) {
    const number = ++this.#number;
    return { number, id: await this.#call('subscribe', { channel, number }) };
  }

  unsubscribe({ number }) {
    return this.#call('unsubscribe', { number });
  }

  /** Over the WebSocket. */
  publish(channel, event) {
    return this.#call('publish', { channel, event });
  }

  /** Over HTTP. */
  post(channel, event) {
    return this.#call('post', { channel, event });
  }

  /** From now on Amplify's token provider hands out these. */
  signIn({ accessToken, idToken }) {
    return this.#call('signIn', { accessToken, idToken });
  }

  /** How many sockets were opened and closed, and the type and id of every frame that came in. */
  traffic() {
    return this.#call('traffic');
  }

  /**
   * Closes the socket and ends the thread. Whatever the thread said before has arrived by then. The thread is ended and
   * not left to end: Amplify's timers would keep it for 15 seconds.
   */
  async close() {
    await this.#call('close').catch(() => {});
    await this.#worker.terminate();
  }

  #call(name, args = {}) {
    if (this.#left) {
      return Promise.reject(new Error(`${this.userId} has left`));
    }
    return new Promise((resolve, reject) => {
      const call = ++this.#number;
      this.#calls.set(call, { resolve, reject });
      this.#worker.postMessage({ call, name, args });
    });
  }

  #take({ event, failure, answer }) {
    if (event) {
      this.#onEvent(event);
    } else if (failure) {
      this.#onFailure(failure);
    } else {
      const { resolve, reject } = this.#calls.get(answer.call);
      this.#calls.delete(answer.call);
      if (answer.refused === undefined) {
        resolve(answer.value);
      } else {
        reject(Object.assign(new Error(answer.refused), { name: answer.name }));
      }
    }
  }

  #refuseAll(error) {
    for (const { reject } of this.#calls.values()) {
      reject(error);
    }
    this.#calls.clear();
  }
}
