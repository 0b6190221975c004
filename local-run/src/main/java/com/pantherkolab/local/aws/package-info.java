/// Stand-ins for the AWS services that the functions call besides DynamoDB and AppSync: Chime SDK Meetings, SQS and
/// S3, and for what brings SQS messages and EventBridge events to functions.
///
/// They speak the services' own protocols over HTTP, so that the real SDK clients are what runs. [LocalAws] is the
/// server of all three; each stand-in is a plain object behind it. They keep everything in memory, check no
/// signature and know no permissions: whoever reaches them on loopback may do anything.
@NullMarked
package com.pantherkolab.local.aws;

import org.jspecify.annotations.NullMarked;
