package io.galerne.signin;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of signing in.
 *
 * @param idleTimeout after how long without a request a session is over
 * @param sessionTimeMax after how long it is over in any case
 * @param attemptsPerAccount wrong passwords and codes for one account within the window, after
 *     which it can't be tried any more until the window's end
 * @param attemptsPerAddress the same for one network address
 * @param attemptsWindow the window's length
 */
@ConfigurationProperties("galerne.sign-in")
record SignInProperties(
    @DefaultValue("2h") Duration idleTimeout,
    @DefaultValue("12h") Duration sessionTimeMax,
    @DefaultValue("10") int attemptsPerAccount,
    @DefaultValue("100") int attemptsPerAddress,
    @DefaultValue("15m") Duration attemptsWindow) {}
