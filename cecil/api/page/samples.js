// Texts to begin with. Nobody's: addresses and numbers are those that stand for none, and what looks like a secret
// is put together here, so that nobody who searches these files takes it for one.

const key = ["AKIA", "IOSFODNN7", "EXAMPLE"].join("");
const password = ["correct", "horse", "battery"].join("-");
const bearer = ["9f86d081884c7d65", "9a2feaa0c55ad015"].join("");
const day = "2026-11-20";

const lines = (...records) => `${records.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n")}\n`;

const call = (id, model, asked, answered, sent, made, user) => ({
  time: `${day}T09:1${id}:22Z`,
  request: { model, user, messages: [{ role: "user", content: asked }] },
  response: {
    id: `chatcmpl-0000000${id}`,
    object: "chat.completion",
    created: 1795165200 + 60 * id,
    model,
    choices: [{ index: 0, message: { role: "assistant", content: answered }, finish_reason: "stop" }],
    usage: { prompt_tokens: sent, completion_tokens: made, total_tokens: sent + made },
  },
});

export const SAMPLES = [
  {
    name: "A web shop's log",
    policy: "default",
    text: lines(
      `${day} 09:14:03.112 INFO  api-7 GET /orders/4711 200 12ms client=203.0.113.9 trace=4bf92f3577b34da6a3ce929d0e0e4736`,
      `${day} 09:14:04.871 INFO  api-7 login ok user=dana.fox@example.com from 8.8.8.8 session ${bearer}`,
      `${day} 09:14:05.020 WARN  pay-2 card 4111 1111 1111 1111 declined, order 4111111111111112 kept`,
      `${day} 09:14:05.331 ERROR pay-2 retry with Authorization: Bearer ${bearer}`,
      `${day} 09:14:06.400 DEBUG db-1 connect postgres://shop:${password}@10.0.0.7:5432/shop`,
      `${day} 09:14:07.090 INFO  sms-1 sent to +1 212 555 0187: your code is on its way`,
      `${day} 09:14:07.512 INFO  s3-1 using ${key} in eu-west-1`,
      `${day} 09:14:08.001 INFO  api-7 GET /health 200 0ms`,
    ),
  },
  {
    name: "Records of an application",
    policy: "default",
    text: lines(
      {
        time: `${day}T09:14:03Z`,
        event: "signup",
        user: { id: 10472, email: "dana.fox@example.com", phone: "+1 212 555 0187", birthDate: "1987-04-12" },
        ip: "8.8.8.8",
        tokens: { max_tokens: 512, token_type: "bearer", access_token: bearer },
      },
      {
        time: `${day}T09:15:11Z`,
        event: "payment",
        amount: 1204.5,
        card: { number: 4111111111111111, exp: "12/29", cvc: "737" },
        iban: "DE89370400440532013000",
        note: "ship to dana.fox@example.com, call (212) 555-0187 before noon",
      },
      {
        time: `${day}T09:16:40Z`,
        event: "support",
        ssn: "219-09-9999",
        message: "My number is 219-09-9999 and order 219-09-99991 is late",
        request_id: "123e4567-e89b-12d3-a456-426614174000",
      },
    ),
  },
  {
    name: "Calls of language models",
    policy: "llm",
    text: lines(
      call(1, "gpt-4o-mini", "Write to dana.fox@example.com that parcel 4711 is late.", "Dear customer, parcel 4711 is late. We called +1 212 555 0187.", 412, 96, "user-10472"),
      call(2, "gpt-4o", "Summarise: patient MRN 00482913, born 1987-04-12, takes metformin.", "The patient takes metformin.", 1820, 240, "user-10472"),
      call(3, "gpt-4o-mini", "Is 4111 1111 1111 1111 a valid card number?", "It passes the Luhn check.", 96, 12, "user-20931"),
    ),
  },
  {
    name: "Hidden in encodings",
    policy: "default",
    text: lines(
      { payload: JSON.stringify({ user: { email: "dana.fox@example.com" }, retry: 2 }) },
      { blob: btoa("contact: dana.fox@example.com"), kind: "base64" },
      { url: "https://shop.example/reset?mail=dana.fox%40example.com&lang=en" },
      { headers: [{ name: "Authorization", value: `Basic ${btoa(`dana:${password}`)}` }, { name: "Accept", value: "*/*" }] },
      { wide: "４１１１ １１１１ １１１１ １１１１", split: "dana.fox\u200b@example.com" },
      { "dana.fox@example.com": { visits: 3 } },
      'half a record: {"email": "dana.fox@example.com',
      '{"email": "dana.fox@example.com"',
    ),
  },
  {
    name: "A clinic's notes",
    policy: "hipaa",
    text: lines(
      { record: "visit", MRN: "00482913", age: 93, zip: "02138", admitted: "2026-11-14", note: "Seen on 2026-11-14, returns 2026-12-01. Fax (212) 555-0142." },
      { record: "claim", health_plan_id: "1EG4-TE5-MK73", npi: "1234567893", device: "SN 88-4471-A", url: "https://clinic.example/p/00482913" },
      "Patient Dana Fox, DOB 04/12/1987, MRN 00482913, was seen by Dr. Lee on 14 November 2026.",
    ),
  },
];
