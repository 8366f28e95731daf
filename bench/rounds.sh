# What the benchmarks of servers share; sourced by them, from the root of the project, under `set -euo pipefail`.
# Rounds of one server and its peers alternate, so that whatever else the machine does falls on all of them alike. A server's
# cost is its CPU time, utime and stime, over the requests it served, without what a JVM's compilers use: rates of shared machines
# swing by two, that does not.
# Only what a script starts here is measured and ended.

BASE=${BENCH_PORT_BASE:-18080} # the stack takes the ports from here, peers those from BASE + 90
WORK=$(mktemp -d)
export BULWARK_HOME=$WORK/stack BULWARK_PORT_BASE=$BASE
# Of a compiler's thread that has ended nobody can tell what it used.
export BULWARK_JAVA_OPTIONS="${BULWARK_JAVA_OPTIONS:-} -XX:-UseDynamicNumberOfCompilerThreads"
declare -A PID
trap finish EXIT

# cpu_time: all of the cores' time since the machine started and what its host kept of it (steal), in clock ticks.
cpu_time() { awk '/^cpu / { print $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9, $9 }' /proc/stat; }
CPU_TIME=$(cpu_time)

finish() {
  local status=$? pid
  if [ -e "$BULWARK_HOME" ]; then ./bulwark down >/dev/null 2>&1 || true; fi
  for pid in "${PID[@]}"; do
    kill "$pid" 2>/dev/null || true
  done
  rm -rf "$WORK"
  if [ $status = 0 ]; then
    awk -v then="$CPU_TIME" '{ split(then, t, " ")
      printf "FIGURE host: gave %.1f %% of the cores to others meanwhile\n", ($2 - t[2]) / ($1 - t[1]) * 100 }' <<<"$(cpu_time)"
  fi
}

# Ends the script where a tool is missing.
need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "$0: $tool is missing" >&2; exit 1; }
  done
}

# start NAME COMMAND...: a peer, ended with the script; what it says is in $WORK/NAME.log, its process in ${PID[NAME]}.
start() {
  "${@:2}" >"$WORK/$1.log" 2>&1 & PID[$1]=$!
}

# start_nginx PORT: answers 204 to everything, with one worker; the measure of what HTTP alone costs.
start_nginx() {
  cat >"$WORK/nginx.conf" <<NGINX
daemon off; worker_processes 1; pid $WORK/nginx.pid; error_log $WORK/nginx.err;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000000; server { listen 127.0.0.1:$1; location / { return 204; } } }
NGINX
  start nginx nginx -c "$WORK/nginx.conf"
}

# start_bare PORT: answers over HTTP/1.1 and h2c and decides nothing (BareServer), in a JVM like those of the services; the measure of
# what Vert.x costs.
start_bare() {
  compile_bench
  start bare "${JAVA[@]}" io.bulwark.bench.BareServer "$1"
  curl -sf -o /dev/null --retry 20 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$1/" || { cat "$WORK/bare.log" >&2; exit 1; }
}

# start_flood URL: asks there over gRPC when `with_flood` says so (GrpcFlood).
start_flood() {
  compile_bench
  coproc FLOOD { exec "${JAVA[@]}" io.bulwark.bench.GrpcFlood "$1" 2>"$WORK/flood.log"; }
  PID[flood]=$FLOOD_PID
  exec {FLOOD_ASK}>&"${FLOOD[1]}" {FLOOD_TOLD}<&"${FLOOD[0]}"
}

# What runs a class of bench is in JAVA, in a JVM like those of the services.
compile_bench() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java unsafe=--sun-misc-unsafe-memory-access=allow
  "$java" "$unsafe" -version 2>/dev/null || unsafe=
  mvn -B -q -Dquick -Pbench -pl bench -am process-classes
  JAVA=("$java" ${unsafe:+"$unsafe"} $BULWARK_JAVA_OPTIONS -Xmx160m -Xss512k -XX:+UseSerialGC -cp "bench/target/classes:$(cat bench/target/class-path)")
}

# A stack of its own: ratelimit-service's process is in ${PID[bulwark]}, its URL in BULWARK_URL.
start_bulwark() {
  ./bulwark up -d >"$WORK/up.log" || { cat "$WORK/up.log" >&2; exit 1; }
  PID[bulwark]=$(process_of ratelimit-service)
  BULWARK_URL=$(./bulwark status | sed -n 's/^ratelimit-service *\(http[^ ]*\) .*/\1/p')
}

# start_replica PORT: a second ratelimit-service of the stack, its process in ${PID[replica]}.
start_replica() {
  start replica replica "$1"
  curl -sf -o /dev/null --retry 60 --retry-all-errors --retry-delay 1 "http://127.0.0.1:$1/q/health/ready" || { cat "$WORK/replica.log" >&2; exit 1; }
}

# replica PORT: what ${PID[bulwark]} runs, in place of this shell.
replica() {
  local command variable
  mapfile -d '' command <"/proc/${PID[bulwark]}/cmdline"
  while IFS= read -r -d '' variable; do export "$variable"; done <"/proc/${PID[bulwark]}/environ"
  QUARKUS_HTTP_PORT=$1 exec "${command[@]}"
}

# process_of PART: of the stack.
process_of() { ./bulwark status | sed -n "s/^$1 .*process \([0-9]*\)$/\1/p"; }

# as_admin METHOD PATH [JSON]: a call of ratelimit-service's API, its answer on the output.
as_admin() {
  curl -sSf -X "$1" "$BULWARK_URL$2" -H "Authorization: Bearer $(./bulwark token --role admin)" \
    ${3:+-H 'Content-Type: application/json' -d "$3"}
}

# gateway_key APPLICATION: registers a gateway and prints its key.
gateway_key() {
  as_admin POST /api/v1/gateways "{\"name\":\"bench-$1\",\"application\":\"$1\"}" | jq -r .key
}

# What Envoy asks in the benchmarks of gRPC.
RLS=/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit

# envoy_limit LIMIT: of each address of the domain edge, in the YAML of envoyproxy/ratelimit.
envoy_limit() {
  echo "{domain: edge, descriptors: [{key: remote_address, rate_limit: {unit: hour, requests_per_unit: $1}}]}"
}
NEVER_REACHED=4000000000

# envoy_domain APPLICATION [LIMIT]: gives it that limit.
envoy_domain() {
  curl -sSf -o /dev/null -X PUT "$BULWARK_URL/api/v1/envoy-domains/edge?application=$1" -H 'Content-Type: application/yaml' \
    -H "Authorization: Bearer $(./bulwark token --role admin)" -d "$(envoy_limit "${2:-$NEVER_REACHED}")"
}

# envoy_question FILE: a frame of gRPC with RateLimitRequest{domain: "edge", descriptors: [{entries: [{key: "remote_address",
# value: "198.51.100.7"}]}]}
envoy_question() {
  printf '\0\0\0\0\x28\x0a\x04edge\x12\x20\x0a\x1e\x0a\x0eremote_address\x12\x0c198.51.100.7' >"$1"
}

# ticks "PID...": utime + stime, in clock ticks, of processes and their children that live (nginx' workers).
ticks() {
  local sum=0 pid
  for pid in $1 $(pgrep -P "${1// /,}" || true); do
    sum=$((sum + $(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | awk '{ sum = $12 + $13 } END { print sum + 0 }')))
  done
  echo "$sum"
}

# compiled "PID...": what their compilers have used until now, in clock ticks.
compiled() {
  local sum=0 pid thread
  for pid in $1; do
    for thread in /proc/"$pid"/task/*; do
      if grep -qs CompilerThre "$thread/comm"; then sum=$((sum + $(sed 's/.*) //' "$thread/stat" | awk '{ print $12 + $13 }'))); fi
    done
  done
  echo "$sum"
}

# spent "PID...": without their compilers, which rest once all is compiled; warm_up waits for most of that.
spent() { echo $(($(ticks "$1") - $(compiled "$1"))); }

median() {
  sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# with_wrk URL SCRIPT SECONDS: a loader for `round`; one thread, 32 connections, as fast as it goes.
with_wrk() {
  local out
  out=$(wrk --latency -t 1 -c 32 -d "${3}s" -s "$2" "$1")
  if grep -q 'Non-2xx' <<<"$out"; then echo "$0: $1 $(grep 'Non-2xx' <<<"$out")" >&2; fi
  awk '/requests in/ { requests = $1 } /Requests\/sec/ { rate = $2 } $1 == "99%" { p99 = $2 }
    END { print requests, rate, p99 }' <<<"$out"
}

# with_h2load URL FRAME SECONDS: a loader for `round`; one connection, 100 streams, as fast as it goes, the key in $KEY.
with_h2load() {
  h2load -c 1 -t 1 -m 100 -D "$3" -d "$2" -H 'content-type: application/grpc' -H 'te: trailers' -H "x-api-key: $KEY" "$1" |
    awk '/^finished in/ { rate = $4 } /^requests:/ { requests = $8; failed = $10 + $12 + $14 }
      END { if (failed) print failed " requests failed" >"/dev/stderr"; print requests, rate }' | tee "$WORK/load"
}

# with_flood KEY SECONDS: a loader for `round`; one connection, 100 streams, as fast as it goes, another address each time.
with_flood() {
  local told
  echo "$1 $2" >&"$FLOOD_ASK"
  read -r told <&"$FLOOD_TOLD" || { cat "$WORK/flood.log" >&2; exit 1; }
  echo "$told"
}

# settled LOADER...: a loader that ends when Bulwark rests, so that what requests leave to be done, telling other replicas say, is theirs
# and not the next round's.
settled() {
  local before after i
  "$@"
  after=$(ticks "${PID[bulwark]}")
  for ((i = 0; i < 20; i++)); do
    before=$after
    sleep 0.5
    after=$(ticks "${PID[bulwark]}")
    if [ $((after - before)) -le 2 ]; then break; fi
  done
}

# round NAME LOADER...: one round of one server, the processes ${PID[NAME]}. The loader is a command that prints "requests requests-per-second [p99]"; the
# round is noted as "cpu-microseconds-per-request requests-per-second p99" in $WORK/NAME.round.
round() { noted "$@" >/dev/null; }

# noted NAME LOADER...: a round that is a loader as well: what its loader printed is passed on.
noted() {
  local before after out
  before=$(spent "${PID[$1]}")
  out=$("${@:2}")
  after=$(spent "${PID[$1]}")
  awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" \
    '{ printf "%.2f %.0f %s\n", ticks / hz * 1e6 / $1, $2, $3 }' <<<"$out" >>"$WORK/$1.round"
  echo "$out"
}

# warm_up COMMAND: rounds that do not count, six to twelve, until Bulwark's compilers have used less than a fiftieth of one. They get little
# of two busy cores, and what is not compiled yet costs half as much again.
warm_up() {
  local i=0 before after
  while [ $i -lt 12 ]; do
    before=$(compiled "${PID[bulwark]}") after=$(ticks "${PID[bulwark]}")
    "$1"
    before=$(($(compiled "${PID[bulwark]}") - before)) after=$(($(ticks "${PID[bulwark]}") - after))
    i=$((i + 1))
    if [ $i -ge 6 ] && [ $((before * 50)) -lt "$after" ]; then break; fi
  done
  echo "$0: warmed up in $i rounds" >&2
  forget_rounds
}

forget_rounds() {
  rm -f "$WORK"/*.round
}

# figure NAME MEASURE [UNIT]: the medians of NAME's rounds, and their ratios to those of the server MEASURE.
figure() {
  local unit=${3:-request}
  if [ ! -e "$WORK/$1.round" ]; then return; fi
  awk -v name="$1" -v measure="$2" -v unit="$unit" -v n="$(wc -l <"$WORK/$1.round")" \
    -v cpu="$(cut -d ' ' -f 1 "$WORK/$1.round" | median)" -v rate="$(cut -d ' ' -f 2 "$WORK/$1.round" | median)" \
    -v of_cpu="$(cut -d ' ' -f 1 "$WORK/$2.round" | median)" -v of_rate="$(cut -d ' ' -f 2 "$WORK/$2.round" | median)" \
    -v p99="$(cut -d ' ' -f 3 "$WORK/$1.round" | tr '\n' ' ')" 'BEGIN {
      printf "FIGURE %s: %.2f us server CPU per %s (%.2f x %s), %.0f/s (%.2f x %s), medians of %d%s\n",
        name, cpu, unit, cpu / of_cpu, measure, rate, rate / of_rate, measure, n, p99 ~ /[0-9]/ ? "; p99 " p99 : "" }'
}
