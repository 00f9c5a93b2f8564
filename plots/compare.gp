# SPDX-License-Identifier: GPL-2.0-only
# Draws the picture of ./mptcp compare as PNG and PDF: a panel for each path set, in it a group of
# bars for each scheduler, with 95 % confidence intervals. Runs in the folder of the results.

load "parameters.gp"

rows = words(path_sets)
columns = words(controls)
set encoding utf8
set border 3 linewidth 0.8
set xtics nomirror scale 0
set ytics nomirror out scale 0.5
set grid ytics linecolor rgb "#dddddd" linewidth 0.6 linetype 1
set style data histogram
set style histogram errorbars gap 1.5 linewidth 0.8
set style fill solid 1 border rgb "#333333"
set errorbars 0.4 linecolor rgb "#333333"
set yrange [0:*]
# From dark to light, so that bars can be told apart without colours.
array colours[5] = ["#1f2a55", "#0072b2", "#35a57f", "#f0a830", "#dcdcdc"]

do for [format in "png pdf"] {
    if (format eq "png") {
        set terminal pngcairo size 1200, 260 * rows + 60 font "Sans,13"
    } else {
        set terminal pdfcairo size 7.5, 1.6 * rows + 0.4 font "Sans,8.5"
    }
    set output "compare." . format
    set multiplot layout rows, 1 margins 0.08, 0.98, 0.05, 0.95 spacing 0, 0.055
    do for [row = 1:rows] {
        name = word(path_sets, row)
        set label 1 value("title_" . name) at graph 0.005, graph 1.06 left font ",14"
        set ylabel row == (rows + 1) / 2 ? "Goodput (Mb/s)" : ""
        if (row == 1) {
            set key at screen 0.98, screen 0.995 right top horizontal samplen 1 width 1
        } else {
            unset key
        }
        plot for [column = 1:columns] name . ".dat" \
            using 2 * column:2 * column + 1:xtic(1) linecolor rgb colours[column] \
            title word(controls, column)
    }
    unset multiplot
    unset output
}
