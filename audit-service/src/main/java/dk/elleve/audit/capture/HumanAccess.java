package dk.elleve.audit.capture;

import java.util.List;
import java.util.Set;

/// Who reaches the databases by a login of their own, without being one of the services.
///
/// @param standing logins without an end
/// @param open logins that end by themselves, and have not yet
/// @param longestLeft seconds until the last of the open ones ends; 0 where none is open
/// @param overstaying sessions of logins that have ended, were locked or are gone
record HumanAccess(long standing, long open, double longestLeft, long overstaying) {

    /// Whoever is no service is a person: what nobody declared is never taken for one of ours.
    static HumanAccess of(List<DatabaseRole> roles, Set<String> services) {
        long standing = 0;
        long open = 0;
        double longestLeft = 0;
        long overstaying = 0;
        for (var role : roles) {
            var left = role.secondsLeft();
            if (role.name() != null && services.contains(role.name())) {
                continue;
            }
            if (role.mayLogIn() && left == null) {
                standing++;
            } else if (role.mayLogIn() && left != null && left > 0) {
                open++;
                longestLeft = Math.max(longestLeft, left);
            } else {
                overstaying += role.sessions();
            }
        }
        return new HumanAccess(standing, open, longestLeft, overstaying);
    }
}
