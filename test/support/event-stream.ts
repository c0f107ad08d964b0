import { get, type IncomingMessage } from 'node:http';

/** Follows a stream of server-sent events, as a browser does. */
export class EventStream<Message> {
  readonly messages: Message[] = [];
  readonly #named: { readonly name: string; readonly data: unknown }[] = [];
  /** The stream said that there is nothing more to come. */
  hasEnded = false;
  readonly #request;
  #unread = '';

  constructor(url: string) {
    this.#request = get(url, (response: IncomingMessage) => {
      response.setEncoding('utf8').on('data', (text: string) => this.#read(text));
      // Closing it is how the test ends it.
      response.on('error', () => undefined);
    });
    this.#request.on('error', () => undefined);
  }

  /** The data of the messages that have this name. */
  named(name: string): readonly unknown[] {
    return this.#named.filter((each) => each.name === name).map(({ data }) => data);
  }

  close(): void {
    this.#request.destroy();
  }

  #read(text: string): void {
    const frames = (this.#unread + text).split('\n\n');
    this.#unread = frames.pop() ?? '';
    for (const frame of frames) {
      const [, name = '', data = 'null'] = /^event: (\S+)\ndata: (.*)$/.exec(frame) ?? [];
      if (name !== '') this.#named.push({ name, data: JSON.parse(data) as unknown });
      if (/^event: ended$/m.test(frame)) this.hasEnded = true;
      else if (frame.startsWith('data: '))
        this.messages.push(JSON.parse(frame.slice('data: '.length)) as Message);
    }
  }
}
