/// The code of the channel namespaces, executed as it stands in the template.
///
/// [ChannelHandlers][com.pantherkolab.events.handler.ChannelHandlers] runs `onSubscribe` and `onPublish` with
/// GraalJS in a sandbox: no host classes, no files, no threads, a bounded number of statements. The only module to
/// import is `@aws-appsync/utils`. Whatever goes wrong in a handler refuses; nothing that goes wrong admits.
@NullMarked
package com.pantherkolab.events.handler;

import org.jspecify.annotations.NullMarked;
