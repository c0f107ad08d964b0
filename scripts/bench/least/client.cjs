// The least client for that daemon: `client.cjs FOLDER REQUEST` asks, and prints a line for each job. Not an
// ES module, which Node takes longer to load.
const { readFileSync } = require('node:fs');
const { connect } = require('node:net');

const [folder, request] = process.argv.slice(2);
const [, port, token] = readFileSync(`${folder}/socket`, 'utf8').split(' ');
const socket = connect(Number(port), '127.0.0.1', () => socket.write(`${token} ${request}\n`));
let text = '';
socket.setEncoding('utf8');
socket.on('data', (chunk) => (text += chunk));
socket.on('end', () => {
  const now = Date.now();
  const lines = JSON.parse(text).map(({ name, state, pid, since }) => {
    const seconds = Math.round((now - since) / 1_000);
    return `${name.padEnd(20)} ${state.padEnd(9)} ${String(pid).padStart(8)} ${seconds} s\n`;
  });
  process.stdout.write(lines.join(''));
});
