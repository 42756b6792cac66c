// What the Elastic Common Schema says of each field, as its own package publishes it.
import { EcsFlat } from "@elastic/ecs/build/commonjs/ecs_flat.js";

process.stdout.write(JSON.stringify(EcsFlat));
