// A module that breaks says so and stays shut: here by a stack that ends inside of it. Run by itself, since nothing goes on afterwards.
import { BailiwickError, Catalog, Tenants, uuid } from "bailiwick";

const [ONE, NOW] = [uuid(1n), 1_795_000_000_000];
const tenants = Tenants.inMemory(Catalog.preset("cloud"));
const question = { organization: ONE, actor: { user: ONE }, permission: 0, now: NOW };
const deep = `{"name":${"[".repeat(30)}${"]".repeat(30)}}`;

/** Calls ever nearer to the end of the stack, until something of the module gives way. */
function dive() {
  try {
    dive();
  } catch (why) {
    if (why.code === "panicked") throw why;
  }
  try {
    Catalog.parse(deep);
  } catch (why) {
    if (why.code !== "bad_catalog") throw why;
  }
}

const told = (call) => {
  try {
    call();
    return "nothing";
  } catch (why) {
    return why instanceof BailiwickError ? why.code : String(why);
  }
};

const first = told(dive);
const then = [() => tenants.check(question), () => tenants.checkRef(1, 1, 1, 1, 1, NOW), () => Catalog.preset("cloud"), () => tenants.free()].map(told);
console.log(`broken: ${first}, then ${then.join(" ")}`);
process.exitCode = [first, ...then].every((code) => code === "panicked") ? 0 : 1;
