import { formatOf } from '../../../../src/exchange/import/formats.ts';

test.each([
  ['Procfile', 'procfile'],
  ['Procfile.dev', 'procfile'],
  ['supervisord.conf', 'supervisord'],
  ['supervisor-web.ini', 'supervisord'],
  ['a.plist', 'launchd'],
  ['a.service', 'systemd'],
  ['a.timer', 'systemd'],
  ['process-compose.override.yml', 'process-compose'],
  ['docker-compose.yaml', 'compose'],
  ['compose.prod.yml', 'compose'],
  ['crontab', 'crontab'],
  ['crontab.txt', 'crontab'],
  ['my.cron', 'crontab'],
  ['ecosystem.config.cjs', 'pm2'],
  ['pm2.json', 'pm2'],
  ['process.yml', 'pm2'],
  ['my-procfile', null],
  ['a.services', null],
  ['old-compose.yaml.bak', null],
])('the format of a file is known by its name: %s', (name, format) => {
  expect(formatOf(`/x/${name}`, '')).toBe(format);
});

test.each([
  ['bplist00', 'launchd'],
  ['<?xml version="1.0"?>\n<plist version="1.0">', 'launchd'],
  ['; c\n[program:web]\n', 'supervisord'],
  ['  [supervisord]', 'supervisord'],
  ['[Unit]\n  [Service]\n', 'systemd'],
  ['[Timer]\n', 'systemd'],
  ['version: "0.5"\nprocesses:\n', 'process-compose'],
  ['{\n  "processes" : {}\n}', 'process-compose'],
  ['services:\n', 'compose'],
  ['{\n  "services": {}\n}', 'compose'],
  ['apps:\n', 'pm2'],
  ['{\n  "apps": []\n}', 'pm2'],
  ['{ "name": "a", "script": "b" }', 'pm2'],
  ['# c\n*/5 * * * mon  /bin/x\n', 'crontab'],
  ['@daily /bin/x\n', 'crontab'],
  ['web: run\n', 'procfile'],
  ['web-1 : run\n', 'procfile'],
  ['web:\n', null],
  ['nothing\n', null],
])('the format of a file without such a name is known by its text: %j', (text, format) => {
  expect(formatOf('/x/file', text)).toBe(format);
});
