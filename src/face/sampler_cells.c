/* sampler_cells.c: gender, within it ethnicity, within that the age bin, each by Tijdeman's rule. What is not demanded does not
   divide the deals below it, so that these still keep their shares over all people. */
#include "face/sampler_internal.h"

void nested_deal_init(nested_deal *dealer, const sampler_options *options)
{
    dealer->gender = options->gender;
    for (int g = 0; g < 2; g++) {
        dealer->ethnicity[g] = options->ethnicity;
        for (int e = 0; e < SAMPLER_ETHNICITIES; e++)
            dealer->age[g][e] = options->age;
    }
}

static int deal_or_any(deal *d)
{
    return d->count > 0 ? deal_next(d) : SAMPLER_ANY;
}

static int index_of(int category)
{
    return category == SAMPLER_ANY ? 0 : category;
}

sampler_cell nested_deal_next(nested_deal *dealer)
{
    sampler_cell next;
    next.gender = deal_or_any(&dealer->gender);
    const int g = index_of(next.gender);
    next.ethnicity = deal_or_any(&dealer->ethnicity[g]);
    next.age = deal_or_any(&dealer->age[g][index_of(next.ethnicity)]);
    return next;
}
