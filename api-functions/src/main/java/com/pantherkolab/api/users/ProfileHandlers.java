package com.pantherkolab.api.users;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Fields;
import com.pantherkolab.api.http.Reading;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.http.Rule;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.Profile;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.UserId;

/// `PUT /api/users/me` and `GET /api/users/me`: a user's own profile, told to nobody.
public final class ProfileHandlers {
    private final StateReader state;
    private final Commands commands;

    public ProfileHandlers(StateReader state, Commands commands) {
        this.state = state;
        this.commands = commands;
    }

    /// What both answer.
    record Mine(Profile user) {}

    /// `PUT /api/users/me`. The same profile again changes nothing.
    public Outcome put(Request request) {
        return request.read(body -> profile(body, request.caller()))
                .then(profile -> commands.save(new Change.ProfileSaved(profile), new Outcome.Done(new Mine(profile))));
    }

    /// `GET /api/users/me`.
    public Outcome get(Request request) {
        Profile profile = state.profile(request.caller());
        return profile == null
                ? new Outcome.Refused(Refusal.of(Code.NOT_FOUND, "You have not saved a profile yet."))
                : new Outcome.Done(new Mine(profile));
    }

    private static Reading<Profile> profile(Fields body, UserId caller) {
        Field<String> firstName = body.required("firstName", Rule.name(100));
        Field<String> lastName = body.required("lastName", Rule.name(100));
        return body.build(() -> new Profile(caller, firstName.get(), lastName.get()));
    }
}
