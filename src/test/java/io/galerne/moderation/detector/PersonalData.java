package io.galerne.moderation.detector;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;

/** Made-up personal data, and numbers that look like it and are none. */
final class PersonalData {
  private final Random random;
  private final PhoneNumberUtil phones = PhoneNumberUtil.getInstance();

  PersonalData(long seed) {
    random = new Random(seed);
  }

  String digits(int count) {
    return random
        .ints(count, 0, 10)
        .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
        .toString();
  }

  private <T> T one(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  String card(boolean valid) {
    String body = one(List.of("4", "51", "55", "2221", "6011"));
    body += digits(15 - body.length());
    for (int check = 0; check < 10; check++) {
      if (CardNumbers.luhn(body + check)) {
        String number = body + (valid ? check : (check + 1 + random.nextInt(9)) % 10);
        return one(List.of(number, grouped(number, " "), grouped(number, "-")));
      }
    }
    throw new IllegalStateException("no check digit");
  }

  private static String grouped(String number, String separator) {
    return number.replaceAll("(.{4})(?=.)", "$1" + separator);
  }

  String iban(boolean valid) {
    String country = one(List.of("FR", "DE", "ES", "IT"));
    String bban =
        switch (country) {
          case "FR" -> digits(10) + one(List.of("A12B", "0123")) + digits(9);
          case "DE" -> digits(18);
          case "ES" -> digits(20);
          default -> "X" + digits(22);
        };
    StringBuilder number = new StringBuilder();
    (bban + country + "00").chars().forEach(c -> number.append(Character.digit(c, 36)));
    int check = 98 - new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
    int written = valid ? check : 2 + (check + 10 + random.nextInt(70)) % 97;
    String iban = country + "%02d".formatted(written) + bban;
    return random.nextBoolean() ? iban : grouped(iban, " ");
  }

  String email(boolean valid) {
    String name = one(List.of("jane", "j.doe", "marie-claire", "o'brien", "a_b+tag", "x1"));
    return valid
        ? name + digits(2) + "@" + one(List.of("example.com", "mail.example.co.uk", "ex-ample.fr"))
        : one(
            List.of(
                name + "@localhost", name + " @ example.com", "@" + name, name + ".example.com"));
  }

  String phone(boolean valid) {
    String region = one(List.of("FR", "DE", "GB", "US"));
    PhoneNumber example =
        phones.getExampleNumberForType(region, PhoneNumberUtil.PhoneNumberType.MOBILE);
    PhoneNumber number = new PhoneNumber().mergeFrom(example);
    String national = Long.toString(example.getNationalNumber());
    do {
      number.setNationalNumber(
          Long.parseLong(national.substring(0, national.length() - 4) + digits(4)));
    } while (!phones.isValidNumber(number));
    PhoneNumberFormat format =
        one(
            List.of(
                PhoneNumberFormat.INTERNATIONAL,
                PhoneNumberFormat.E164,
                PhoneNumberFormat.NATIONAL));
    return valid
        ? phones.format(number, format)
        : one(
            List.of(
                "1" + digits(5),
                "order 9" + digits(8) + digits(3),
                "v" + digits(2) + ".0." + digits(1),
                "2024-0"
                    + (1 + random.nextInt(9))
                    + "-1"
                    + random.nextInt(10)
                    + " 1"
                    + random.nextInt(10)
                    + ":30"));
  }

  String nir(boolean valid) {
    String body =
        (1 + random.nextInt(2))
            + "%02d%02d%02d"
                .formatted(random.nextInt(100), 1 + random.nextInt(12), 1 + random.nextInt(95))
            + digits(6);
    long key = 97 - Long.parseLong(body) % 97;
    return body + "%02d".formatted(valid ? key : 1 + (key + random.nextInt(90)) % 97);
  }
}
