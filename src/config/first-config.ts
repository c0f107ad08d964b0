/**
 * The file that `overseer init` writes: one job that runs anywhere, and every other key as a comment with a
 * valid value.
 */
export const FIRST_CONFIG = `# Jobs for overseer. Run "overseer" after a change, "overseer check" to look for
# mistakes first. Every *.toml in this folder is read.

# A key that stands here applies to every job that does not set it itself.
# [defaults]
# stop_timeout = 10

# An example that runs anywhere: it tells the time. See it with
# "overseer logs clock", then replace it.
[[jobs]]
name = "clock"
job_command = { exe = "sh", args = ["-c", "while :; do date; sleep 5; done"] }
description = "tells the time every five seconds"

# No shell is between overseer and the program. A command that needs none can be
# one string:
# job_command = "node server.js --port 8080"

# Run the job only while this command exits with 0.
# test_command = "test -e /tmp/clock.enabled"
# test_interval = 60
# test_timeout = 10

# Where and with what it runs. ~ is your home folder; env_file is relative to cwd.
# cwd = "~"
# env = { PORT = "8080", PATH = "\${PATH}:/opt/bin" }
# env_file = []
# umask = "022"

# limits = { nofile = 1024, core = 0 }
# nice = 10

# What happens when it ends by itself: "always", "on-failure" or "never".
# restart = "always"
# start_seconds = 1
# backoff = { min = 0.1, max = 30, factor = 2 }
# max_restarts = 0
# success_codes = [0]

# false: only "overseer start clock" starts it.
# enabled = true

# How it is stopped: the signal, and the seconds until SIGKILL.
# stop_signal = "SIGTERM"
# stop_timeout = 10

# Start it only when other jobs are running.
# after = []

# When it counts as running: one of command, tcp, http and log.
# ready = { tcp = "localhost:8080", interval = 1, timeout = 5, within = 60 }

# Restart it when this fails three times in a row while it runs: one of command,
# tcp and http.
# alive = { http = "http://localhost:8080/health", interval = 10, timeout = 5, failures = 3 }

# Restart it when its processes together have more memory than this.
# max_memory = "300MB"

# Let "overseer send" and "overseer attach" write to its standard input.
# stdin = true

# Run a command when it enters a state: the words of "overseer status".
# on = { failed = "mail -s 'clock has failed' me" }

# Run it at times instead of always: "every 10m", or minute hour day month
# weekday as for cron.
# schedule = "30 4 * * mon-fri"
# run_at_start = false

# Run several copies, clock@1 to clock@4.
# instances = 4
# rolling = true

# Restart it when one of these files changes; relative to cwd.
# watch = ["src/**/*.js"]

# "overseer restart tag:office" then means every job with this tag.
# tags = ["office"]

# Its log file.
# log = { max_size = "10MB", keep = 5, rotate = "pause" }
`;
