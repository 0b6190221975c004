/// The whole system in one JVM: no Docker, no account, no network.
///
/// It runs what is deployed, on stand-ins for what AWS gives. `template.yaml` is read, not repeated: it gives the
/// gateway its routes, DynamoDB Local its tables, the stream pump its mapping and the AppSync Events emulator its
/// namespaces with their handlers. [com.pantherkolab.local.LocalRun] wires them.
///
/// It is for development and tests. It listens on loopback alone, and its token endpoint makes anybody anybody.
@NullMarked
package com.pantherkolab.local;

import org.jspecify.annotations.NullMarked;
