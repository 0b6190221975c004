/// Calls under test: the fakes of what lies outside, the workflow on its bad days, and the check that walks through
/// everything that can happen to a few calls.
///
/// The check's pieces: a [com.pantherkolab.api.calls.CallWorld] is all there is at one moment; a
/// [com.pantherkolab.api.calls.CallRun] is production code on its way, which can be cut at each of its reads and
/// writes; [com.pantherkolab.api.calls.CallSteps] is what can happen next; [com.pantherkolab.api.calls.CallLaws]
/// what must hold; and [com.pantherkolab.api.calls.CallExplorer] goes everywhere, breadth first.
@NullMarked
package com.pantherkolab.api.calls;

import org.jspecify.annotations.NullMarked;
