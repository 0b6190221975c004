/// Reading the deployment's description.
///
/// [CloudFormationTemplate][com.pantherkolab.events.template.CloudFormationTemplate] is the file as plain maps,
/// with one [Section][com.pantherkolab.events.template.Section] around each so that a wrong value is reported with
/// its path. [EventApi][com.pantherkolab.events.template.EventApi] is the part that AppSync Events would read: who
/// may connect, which channel namespaces there are, who may publish and subscribe in each, and the handler code,
/// unchanged.
///
/// Nothing here evaluates a template: intrinsic functions stay what they are, `!Ref X` becomes `{"Ref": "X"}`.
@NullMarked
package com.pantherkolab.events.template;

import org.jspecify.annotations.NullMarked;
