// Runs autocannon once with the order given as JSON, and prints the result as one line of JSON.
import autocannon from 'autocannon';

const { url, method, headers, body, connections, seconds } = JSON.parse(process.argv[2]);
const result = await autocannon({ url, method, headers, body, connections, duration: seconds, timeout: 5 });

// It connects again without a word when a server closes a connection; such a request was sent and never answered.
const unanswered = Math.max(0, result.requests.sent - result.requests.total - connections);

process.stdout.write(
  JSON.stringify({
    requests: result.requests.total,
    seconds: result.duration,
    bytesRead: result.throughput.total,
    p50: result.latency.p50,
    p99: result.latency.p99,
    badStatuses: result.non2xx,
    socketErrors: result.errors + unanswered,
  }),
);
