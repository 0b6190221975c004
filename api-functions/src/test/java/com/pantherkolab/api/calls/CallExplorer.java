package com.pantherkolab.api.calls;

import com.pantherkolab.api.calls.CallLaw.Broken;
import com.pantherkolab.api.calls.CallSteps.Bounds;
import com.pantherkolab.api.calls.CallSteps.Step;
import com.pantherkolab.api.callstate.CallState.Ended;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/// Goes from a world without a call to every world that can come of it, the nearest first, and holds the laws
/// against each; then from each to its end, as everything goes by itself.
final class CallExplorer {
    private final CallSteps steps;
    private final CallWorld start;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Integer> cameFrom = new ArrayList<>();
    private final List<String> by = new ArrayList<>();
    private final Set<String> comeToTheirEnd = new HashSet<>();
    private long transitions;

    /// What was found.
    ///
    /// @param worlds how many there are
    /// @param transitions how many things can happen in them
    record Found(int worlds, long transitions) {}

    CallExplorer(CallMistake mistake, Bounds bounds) {
        this.steps = new CallSteps(mistake, bounds);
        this.start = new CallWorld(mistake, bounds.badLuck(), bounds.ticks());
    }

    /// Goes everywhere.
    ///
    /// @throws Broken for the first law that does not hold, with the shortest way there
    Found explore() {
        Queue<CallWorld> toVisit = new ArrayDeque<>();
        number(start.key(), -1, "nothing");
        toVisit.add(start);
        for (int visited = 0; !toVisit.isEmpty(); visited++) {
            CallWorld world = toVisit.remove();
            try {
                CallLaws.hold(world);
                holdThatItEnds(world);
                for (Step step : steps.next(world)) {
                    transitions++;
                    String key = step.after().key();
                    if (!numbers.containsKey(key)) {
                        number(key, visited, step.what());
                        toVisit.add(step.after());
                    }
                }
            } catch (Broken broken) {
                throw new Broken(broken.law(), broken.getMessage() + "\n" + String.join("\n", way(visited)));
            }
        }
        return new Found(numbers.size(), transitions);
    }

    private void number(String key, int from, String what) {
        numbers.put(key, numbers.size());
        cameFrom.add(from);
        by.add(what);
    }

    private List<String> way(int last) {
        List<String> way = new ArrayList<>();
        for (int at = last; at >= 0; at = cameFrom.get(at)) {
            way.add(by.get(at));
        }
        Collections.reverse(way);
        return way;
    }

    /// From every world, with nobody acting and nothing going wrong, every call comes to its one end, with nothing
    /// left of it.
    private void holdThatItEnds(CallWorld from) {
        Set<String> way = new HashSet<>();
        CallWorld world = from;
        while (world != null) {
            String key = world.key();
            if (comeToTheirEnd.contains(key)) {
                break;
            }
            CallLaw.EVERY_CALL_ENDS.require(way.add(key), "it goes round in a circle");
            CallLaws.hold(world);
            CallWorld next = steps.byItself(world);
            if (next == null) {
                world.sessions.forEach((id, session) -> CallLaw.EVERY_CALL_ENDS.require(
                        session.state instanceof Ended && session.isQuiet(), id + " is at rest and not over"));
            }
            world = next;
        }
        comeToTheirEnd.addAll(way);
    }
}
