// Calls operations with an SDK of JavaScript, as a requester's script would: a line of JSON in, a line out.
//   node drive.cjs v3|v2 < {"operation": "GetHIT", "members": {"HITId": "3A..."}}
const { createInterface } = require("node:readline");
const { createRequire } = require("node:module");

const installed = createRequire(process.env.TUKRO_JS + "/package.json");
const credentials = { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY };
const endpoint = process.env.TUKRO_ENDPOINT;
const region = "us-east-1";

function version3() {
  const sdk = installed("@aws-sdk/client-mturk");
  const client = new sdk.MTurkClient({ endpoint, region, credentials, maxAttempts: 1 });
  return async (operation, members, pages) => {
    try {
      if (pages) {
        const rows = [];
        for await (const page of sdk["paginate" + operation]({ client, pageSize: 2 }, members)) rows.push(...page[pages]);
        return { answer: { rows }, request: "pages" };
      }
      const { $metadata, ...answer } = await client.send(new sdk[operation + "Command"](members));
      return { answer, status: $metadata.httpStatusCode, request: $metadata.requestId };
    } catch (error) {
      const { name, message, TurkErrorCode, $fault, $metadata } = error;
      const status = $metadata?.httpStatusCode;
      return { error: { name, message, code: TurkErrorCode, fault: $fault, status }, request: $metadata?.requestId };
    }
  };
}

function version2() {
  const sdk = installed("aws-sdk");
  const client = new sdk.MTurk({ endpoint, region, credentials, maxRetries: 0 });
  return async (operation, members, pages) => {
    if (pages) return { answer: { rows: await eachPage(client, operation, members, pages) }, request: "pages" };
    const request = client[operation[0].toLowerCase() + operation.slice(1)](members);
    try {
      const answer = await request.promise();
      return { answer, status: 200, request: answer.$response?.requestId ?? request.response.requestId };
    } catch (error) {
      const { code, message, statusCode, requestId } = error;
      return { error: { name: code, message, code: error.TurkErrorCode, status: statusCode }, request: requestId };
    }
  };
}

function eachPage(client, operation, members, pages) {
  const rows = [];
  const request = client[operation[0].toLowerCase() + operation.slice(1)]({ ...members, MaxResults: 2 });
  return new Promise((done, fail) =>
    request.eachPage((error, page) => {
      if (error) return fail(error);
      if (page === null) return done(rows);
      rows.push(...page[pages]);
    }),
  );
}

async function main() {
  const call = process.argv[2] === "v2" ? version2() : version3();
  for await (const line of createInterface({ input: process.stdin })) {
    const { operation, members, pages } = JSON.parse(line);
    console.log(JSON.stringify(await call(operation, dated(members), pages)));
  }
}

// Moments are given as {"date": "2026-..."}: JSON has none.
function dated(value) {
  if (Array.isArray(value)) return value.map(dated);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.date === "string") return new Date(value.date);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, dated(inner)]));
}

main();
