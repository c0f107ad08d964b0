import { request, type IncomingHttpHeaders } from 'node:http';

export interface PageAnswer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the reading of a stream that would go on. */
  readonly until?: (text: string) => boolean;
}

/** What a server answers to one request, or, of a stream, what came until something was there. */
export function askPage(
  url: string,
  { method = 'GET', headers = {}, body, until }: Asking = {},
): Promise<PageAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      const done = (): void => resolve({ code: response.statusCode ?? 0, headers: response.headers, text });
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (until?.(text) !== true) return;
        done();
        asked.destroy();
      });
      response.once('end', done);
      response.once('error', done);
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
